"""Render the prompts: Jinja files, sandboxed, in which manuscript text is data behind an unguessable boundary."""

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bookiter.errors import InvalidConfig
from bookiter.llm.interface import Message
from bookiter.resources import shipped
from bookiter.text import one_line

_MAX_TEMPLATE_CHARS = 100_000


def render(
    name: str, variables: Mapping[str, Any], data: Mapping[str, str], *, root: Path, key: bytes
) -> tuple[Message, ...]:
    """Return the system and user message of a prompt.

    ``data`` are texts of the author's or the manuscript's: the template gets each already fenced by a boundary that is
    derived from ``key`` and the texts, so that it cannot be guessed by them and yet is the same for the same question.
    Raises InvalidConfig when a manuscript's own template is broken.
    """
    source, shown_as = _source(name, root)
    boundary = _boundary(key, data)
    fenced = {label: _fenced(label, text, boundary) for label, text in data.items()}
    try:
        template = _environment().from_string(source)
        if missing := {"system", "user"} - set(template.blocks):
            raise TemplateError(f"it has no block {' and none '.join(sorted(missing))}")
        context = template.new_context({**variables, **fenced, "boundary": boundary})
        system, user = ("".join(template.blocks[name](context)).strip() for name in ("system", "user"))
    except Exception as error:  # a template of a stranger's may raise anything, and all of it is the template's fault
        raise _broken(f"the prompt {shown_as}", error) from error
    return Message("system", system), Message("user", user)


def template_of(name: str, root: Path) -> str:
    """Return the text of a prompt's template: the manuscript's own, else the one that is shipped."""
    return _source(name, root)[0]


def render_line(template: str, variables: Mapping[str, Any], setting: str) -> str:
    """Return a one-line template of the configuration filled in. Raises InvalidConfig when it is broken."""
    try:
        return " ".join(_environment().from_string(template).render(variables).split())
    except Exception as error:
        raise _broken(f"the template in {setting}", error) from error


def _broken(what: str, error: Exception) -> InvalidConfig:
    return InvalidConfig(
        f"{what} cannot be rendered: {type(error).__name__}: {one_line(str(error))}",
        hint="docs/files.md tells what a template needs; remove yours to use the one that is shipped.",
    )


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


def _source(name: str, root: Path) -> tuple[str, str]:
    own = root / "prompts" / f"{name}.j2"
    if own.is_file() and own.resolve().is_relative_to(root.resolve()):
        text = own.read_bytes()[: _MAX_TEMPLATE_CHARS * 4].decode("utf-8", "replace")
        return text[:_MAX_TEMPLATE_CHARS], f"prompts/{name}.j2 of this manuscript"
    return (shipped("prompts") / f"{name}.j2").read_text("utf-8"), f"{name}.j2"


def _fenced(label: str, text: str, boundary: str) -> str:
    """A text that is empty stays empty, so that a template can leave its introduction out."""
    return f"<<<{label} {boundary}>>>\n{text}\n<<<end of {label} {boundary}>>>" if text else ""


def _boundary(key: bytes, data: Mapping[str, str]) -> str:
    digest = hmac.new(key, digestmod="sha256")
    for label, text in sorted(data.items()):
        digest.update(f"{label}\0{len(text)}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]
