"""What Markdown has besides prose: links, images, notes, code, breaks, quoted blocks, comments, tables, shortcodes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bookiter.builtin.markdown import read_page
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.text import one_line, words

_TARGET = r"\((?:<([^<>\n]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))"
_IMAGE = re.compile(rf"!\[[^\]\n]*\]{_TARGET}|<img\b[^>]*?\bsrc=[\"']?([^\"'\s>]+)", re.I)
_LINK = re.compile(
    rf"(?<!!)\[[^\]\n]+\]{_TARGET}|<a\b[^>]*?\bhref=[\"']?([^\"'\s>]+)|^ {{0,3}}\[(?!\^)[^\]\n]+\]:[ \t]*(\S+)|"
    r"(?<![(<\"'=\w])<?((?:https?|ftp)://[^\s<>\"“”’)\]]+)",
    re.I | re.M,
)
_NOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")
_NOTE_TEXT = re.compile(r"^ {0,3}(\[\^[^\]\s]+\]):", re.M)
_BREAK = re.compile(
    r"^[ \t]*((?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|#|⁂|~{3,}|•(?:[ \t]*•)*|<hr[ \t]*/?>)[ \t]*\r?$", re.M
)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SHORTCODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|^:{3,}.*$|\\[a-z]+\{[^{}\n]*\}", re.M)
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$", re.M)


@dataclass(frozen=True)
class _Kind:
    """One sort of element: how to find it, what it is called, and by which words a request speaks of it."""

    name: str
    find: Callable[[str], list[str]]
    words: tuple[str, ...]
    added: bool = False
    """One that comes in unasked is damage too."""
    loose: bool = False
    """It may go with the scene that it belongs to, when that is cut or all is written anew."""


def _matches(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    def find(text: str) -> list[str]:
        return [next(filter(None, match.groups()), match[0]) for match in pattern.finditer(text)]

    return find


def _blocks(*kinds: str) -> Callable[[str], list[str]]:
    def find(text: str) -> list[str]:
        return [text[block.start : block.end] for block in read_page(text).blocks if block.kind in kinds]

    return find


def _breaks(text: str) -> list[str]:
    body = _prose(text)
    return [match[1].strip() for match in _BREAK.finditer(body) if not _underlines(body, match.start())]


def _underlines(text: str, at: int) -> bool:
    """Tell whether a row of hyphens stands right under a line of words, which makes that a heading."""
    above = text[:at].rstrip("\r\n")
    return text[at:].lstrip()[:1] == "-" and at - len(above) <= len("\r\n") and bool(above.rpartition("\n")[2].strip())


def _prose(text: str) -> str:
    """Return a text without front matter, code and comments."""
    at, kept = 0, []
    for block in read_page(text).blocks:
        if block.kind in ("front", "code"):
            kept.append(text[at : block.start])
            at = block.end
    return _COMMENT.sub("", "".join(kept) + text[at:])


_BY_CONTENT = (
    _Kind("a link", _matches(_LINK), ("link", "url", "address", "website"), added=True),
    _Kind("an image", _matches(_IMAGE), ("image", "picture", "illustration", "figure", "photo", "drawing"), added=True),
    _Kind("a comment", _matches(_COMMENT), ("comment", "remark", "annotation"), added=True),
    _Kind("a block of code", _blocks("code"), ("code", "listing", "snippet")),
    _Kind("a shortcode", _matches(_SHORTCODE), ("shortcode", "macro", "directive")),
)
_BY_COUNT = (
    _Kind("notes", _matches(_NOTE), ("note", "footnote", "endnote", "citation", "reference")),
    _Kind("texts of notes", _matches(_NOTE_TEXT), ("note", "footnote", "endnote", "citation", "reference")),
    _Kind("scene breaks", _breaks, ("break", "separator", "divider"), loose=True),
    _Kind("quoted blocks", _blocks("quote"), ("quote", "quoted", "quotation", "blockquote", "epigraph"), loose=True),
    _Kind("table rows", _matches(_ROW), ("table", "row", "column")),
)


def elements(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield elements that went, or came in, without having been asked for."""
    for kind in _BY_CONTENT:
        yield from _by_content(file, asked, kind)
    for kind in _BY_COUNT:
        before, after = len(kind.find(_prose(file.before))), len(kind.find(_prose(file.after)))
        free = asked.removes or (kind.loose and (asked.anew or asked.shrinks)) or asked.mentions(*kind.words)
        if after < before and not free:
            yield Finding(check="structure", message=f"{kind.name}: {before} before, {after} now", path=file.path)
    yield from _notes(file)
    yield from _dress_of_breaks(file, asked)


def _by_content(file: FileChange, asked: Asked, kind: _Kind) -> Iterable[Finding]:
    before, after = Counter(kind.find(file.before)), Counter(kind.find(file.after))
    gone, new = before - after, after - before
    named = kind.name != "a comment" and asked.names(word for text in (*gone, *new) for word in words(text))
    if named or asked.mentions(*kind.words):
        return
    if gone and not (asked.removes and not new):
        text, how = next(iter(gone)), "was changed" if new else "is gone"
        yield _finding(file, f"{kind.name} {how}", text)
    elif new and kind.added:
        yield _finding(file, f"{kind.name} came in without having been asked for", next(iter(new)))


def _notes(file: FileChange) -> Iterable[Finding]:
    """A mark without its note, or a note that nothing points to any more."""
    loose = [_loose(text) for text in (_prose(file.before), _prose(file.after))]
    for mark in sorted(loose[1] - loose[0]):
        yield _finding(file, f"the note {mark} has lost its mark or its text", mark)


def _loose(text: str) -> set[str]:
    return set(_NOTE.findall(text)) ^ {match[1] for match in _NOTE_TEXT.finditer(text)}


def _dress_of_breaks(file: FileChange, asked: Asked) -> Iterable[Finding]:
    before, after = (["".join(mark.split()) for mark in _breaks(text)] for text in (file.before, file.after))
    if (
        before
        and len(set(before)) == 1
        and set(after) - set(before)
        and not asked.mentions("break", "separator", "divider")
    ):
        odd = next(mark for mark in after if mark not in before)
        yield _finding(file, f"a scene break is written “{odd}”, and the others “{before[0]}”", odd)
    for first, where in ((True, "begins"), (False, "ends")):
        if _bare(file.after, first) and not _bare(file.before, first):
            yield _finding(file, f"the text {where} with a scene break", "")


def _bare(text: str, first: bool) -> bool:
    lines = [line for line in _prose(text).splitlines() if line.strip("\ufeff \t")]
    return bool(lines) and bool(_BREAK.match(lines[0 if first else -1]))


def _finding(file: FileChange, message: str, quote: str) -> Finding:
    return Finding(check="structure", message=message, path=file.path, quote=one_line(quote, 120))
