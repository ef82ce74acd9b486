"""Headings: none goes, changes or comes in without having been asked for."""

import re
from collections import Counter
from collections.abc import Iterable

from bookiter.builtin.markdown import read_page
from bookiter.patch.fold import fold_words
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.text import one_line, words

_MARKS = re.compile(r"^\ufeff?[ \t]*(#{1,6})?")
_UNDERLINE = re.compile(r"[\r\n]+[ \t]*(=+|-+)[ \t]*$")
_ASKED = (
    r"\b(?:head(?:ing|line)|title|subtitle|retitle|(?:sub)?section)s?\b|\bretitle\b|\b(?:call(?:ed)?|name|rename)\b"
)


def headings(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield headings that went, changed or came in unasked."""
    before, after = _headings(file.before), _headings(file.after)
    if before == after or asked.says(_ASKED):
        return
    gone = [text for key, text in before if (key, text) not in after and key not in dict(after)]
    new = [text for key, text in after if key not in dict(before)]
    if len(after) < len(before) and not asked.removes:
        yield _finding(file, f"headings: {len(before)} before, {len(after)} now", gone)
    elif len(after) > len(before) and not (asked.adds or asked.grows or asked.anew):
        yield _finding(file, f"headings: {len(before)} before, {len(after)} now", new)
    elif gone and new and not asked.anew and not asked.names(_differing(gone, new)):
        yield _finding(file, f"a heading was changed to “{one_line(new[0], 80)}” without having been asked for", gone)


def _finding(file: FileChange, message: str, which: list[str]) -> Finding:
    return Finding(check="structure", message=message, path=file.path, quote=one_line(which[0], 120) if which else "")


def _headings(text: str) -> list[tuple[str, str]]:
    """Return level and words of each heading as a key, with its text."""
    found = []
    for block in read_page(text).blocks:
        if block.kind == "heading":
            raw = text[block.start : block.end]
            marks = _MARKS.match(raw)
            underline = _UNDERLINE.search(raw)
            depth = len(marks[1]) if marks and marks[1] else 1 if underline and underline[1][0] == "=" else 2
            title = _UNDERLINE.sub("", _MARKS.sub("", raw)).strip().rstrip("#").strip()
            found.append((f"{depth} {' '.join(fold_words(title))}", title))
    return found


def _differing(gone: Iterable[str], new: Iterable[str]) -> set[str]:
    was, now = (Counter(word for title in titles for word in words(title)) for titles in (gone, new))
    return set((was - now) + (now - was))
