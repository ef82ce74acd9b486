"""Read untrusted YAML: safe loader, no duplicate keys, bounded size."""

from pathlib import Path
from typing import Any

import yaml

from bookiter.errors import InvalidConfig

MAX_BYTES = 1_000_000

_Base: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UniqueKeyLoader(_Base):  # type: ignore[misc]
    """Refuse a mapping that gives one key twice, which YAML forbids and PyYAML lets pass."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):  # a few nested ones unfold to billions of values
            raise yaml.composer.ComposerError(None, None, "aliases are not used here", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is not text", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def load_mapping(path: Path, shown_as: str) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty file is an empty mapping.

    Raises InvalidConfig for anything that is not UTF-8 YAML with a mapping at the top.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidConfig(f"{shown_as} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise InvalidConfig(f"{shown_as} is larger than {MAX_BYTES:,} bytes.")
    try:
        value = parse_yaml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidConfig(f"{shown_as} is not UTF-8 (byte {error.start + 1}).") from error
    except yaml.YAMLError as error:
        raise InvalidConfig(f"{shown_as} is not valid YAML: {_short(error)}") from error
    except RecursionError:
        raise InvalidConfig(f"{shown_as} is nested too deeply.") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidConfig(f"{shown_as} must hold settings (`name: value` lines), not a {type(value).__name__}.")
    return value


def parse_yaml(text: str) -> Any:
    """Return the value of one YAML document. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - a subclass of the safe loader


def _short(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    return f"{problem} (line {mark.line + 1})." if mark else f"{problem}."
