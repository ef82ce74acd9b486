"""File names in a diff: read them, and find the one allowed file that is meant."""

import re
from collections.abc import Collection

from bookiter.patch.model import FilePatch
from bookiter.patch.refusal import refuse

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_STAMP = re.compile(r"\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*$|\t.*$")
_PREFIX = re.compile(r"(?:a|b|old|new|c|i|w|o|orig)/")
_DRIVE = re.compile(r"[A-Za-z]:")
_PLACEHOLDERS = {"", "original", "modified", "old", "new", "before", "after", "a", "b", "file", "text"}
NULL = "/dev/null"


def parse_name(written: str) -> str:
    """Take a name from a header line: C-quotes, back-ticks, asterisks and time stamps removed; ``a/`` stays."""
    written = written.strip(" \r")
    if met := _QUOTED.match(written):
        return _unquote(met[1])
    return _STAMP.sub("", written).strip().strip("`*").strip()


def _unquote(quoted: str) -> str:
    def plain(match: re.Match[bytes]) -> bytes:
        body = match[1]
        return bytes([int(body, 8) & 255]) if body.isdigit() else _LETTERS.get(body, body)

    return _ESCAPE.sub(plain, quoted.encode()).decode("utf-8", "replace")


def refuse_hostile(name: str) -> None:
    """Raise for a name that is absolute, climbs out of its folder, or points into ``.git``."""
    if name == NULL:
        return
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\", "~")) or _DRIVE.match(name):
        raise refuse("unsafe", f"the patch names an absolute path: {name[:200]!r}")
    if ".." in parts or "\\" in name:
        raise refuse("unsafe", f"the patch names a path outside its folder: {name[:200]!r}")
    if any(_git_folder(part) for part in parts):
        raise refuse("unsafe", f"the patch names a file of git's own: {name[:200]!r}")
    if any(ord(char) < 32 for char in name):
        raise refuse("unsafe", f"the patch names a path with control characters: {name[:200]!r}")


def _git_folder(part: str) -> bool:
    bare = re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", "", part).rstrip(" .").lower()
    return bare == ".git" or bare.startswith((".git:", "git~1"))


def named(patch: FilePatch) -> str:
    """The name a patch goes by: the new one, or the old one of a file that would be deleted; empty for none."""
    for name in (patch.old_name, patch.new_name):
        refuse_hostile(name)
    if patch.new_name == NULL:
        raise refuse("unsafe", f"the patch would delete {patch.old_name[:200]!r}; only text inside a file is changed")
    stripped = {_stripped(name) for name in (patch.old_name, patch.new_name) if name not in ("", NULL)}
    if len(stripped) > 1 and not stripped <= _PLACEHOLDERS:
        raise refuse("unsafe", f"the patch would rename {patch.old_name[:100]!r} to {patch.new_name[:100]!r}")
    return patch.new_name or patch.old_name


def _stripped(name: str) -> str:
    while met := _PREFIX.match(name):
        name = name[met.end() :]
    return name.removeprefix("./")


def resolve_path(patch: FilePatch, allowed: Collection[str]) -> str:
    """Find the one file of ``allowed`` ('/'-separated relative paths) that a patch means.

    Tried in this order: the name as written, without ``a/`` or ``b/``, as the unique end of a path, by its unique last
    part. Raises :class:`PatchRefused` for a hostile name and for one that fits none or several.
    """
    name = named(patch)
    for candidate in (name, name.removeprefix("./"), _PREFIX.sub("", name, count=1), _stripped(name)):
        if candidate in allowed:
            return candidate
    bare = _stripped(name)
    if bare in _PLACEHOLDERS and len(allowed) == 1:
        return next(iter(allowed))
    base = bare.rsplit("/", 1)[-1]
    for ending in dict.fromkeys((bare, base)):
        fits = sorted(path for path in allowed if ending and (path == ending or path.endswith("/" + ending)))
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise refuse("other_file", f"{bare[:200]!r} could be any of {', '.join(fits[:5])}", path=bare[:200])
    raise refuse(
        "other_file", f"{bare[:200] or 'a nameless diff'!r} is none of the files to be changed", path=bare[:200]
    )
