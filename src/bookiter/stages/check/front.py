"""Front matter: it stays, and so does every key of it that the request does not speak of."""

import re
from collections.abc import Iterable

from bookiter.builtin.markdown import read_page
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.text import one_line, words

_KEY = re.compile(r"^[\"']?(?P<key>[^\s\"'#:=\[\]-][^\"':=\r\n]*?)[\"']?[ \t]*[:=]", re.M)


def matter(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield what happened to the front matter without having been asked for."""
    before, after = _front(file.before), _front(file.after)
    if before == after:
        return
    if before and not after:
        yield Finding(check="structure", message="the front matter is gone", path=file.path)
    elif not asked.mentions("front matter", "frontmatter", "metadata", "yaml", "header"):
        yield from _keys(file.path, before, after, asked)


def _keys(path: str, before: str, after: str, asked: Asked) -> Iterable[Finding]:
    old, new = _values(before), _values(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key, ""), new.get(key, "")
        if was == now or asked.mentions(key, *words(key.replace("_", " "))) or asked.names(_differing(was, now)):
            continue
        how = "is gone from" if key not in new else "came into" if key not in old else "was changed in"
        yield Finding(
            check="structure",
            message=f"“{one_line(key, 40)}” {how} the front matter without having been asked for",
            path=path,
            quote=one_line(now or was, 120),
        )


def _front(text: str) -> str:
    page = read_page(text)
    block = page.blocks[0] if page.blocks else None
    return text[block.start : block.end].lstrip("\ufeff") if block and block.kind == "front" else ""


def _values(front: str) -> dict[str, str]:
    """Return each key at the left edge with all that stands under it; several lines are one value."""
    inner = "\n".join(front.splitlines()[1:-1])
    found = list(_KEY.finditer(inner))
    ends = [*(match.start() for match in found[1:]), len(inner)]
    return {match["key"].strip(): inner[match.start() : end].strip() for match, end in zip(found, ends, strict=True)}


def _differing(was: str, now: str) -> set[str]:
    return set(words(was)) ^ set(words(now))
