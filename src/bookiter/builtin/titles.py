"""A chapter's title: its heading and its front matter.

A heading that numbers the chapter keeps its number: “Chapter 3: The Storm” becomes “Chapter 3: The Tide Table”, and a
bare “Chapter 3” gains the title.
"""

import re
from collections.abc import Iterator, Mapping

from bookiter.builtin.edits import Edited, NothingToDo, Retitle, Unsure
from bookiter.builtin.habits import conform
from bookiter.builtin.markdown import Page, read_page
from bookiter.builtin.matching import Span, fold

_ATX = re.compile(r"\ufeff? {0,3}#{1,6}[ \t]+(?P<title>.*?)(?P<tail>(?:[ \t]+#+)?(?:[ \t]*\{[^{}]*\})?[ \t]*)$")
_NUMBERED = re.compile(
    r"(?P<label>(?:chapter|part|kapitel|chapitre)[ \t]+(?:\d+|[ivxlc]+|[a-z]+(?:-[a-z]+)?)|\d+\.?)"
    r"(?P<between>[ \t]*[:.—–|-][ \t]*|[ \t]+(?=\S))?(?P<name>.*)$",
    re.IGNORECASE,
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(?P<value>\S[^\r\n]*?)[ \t]*$", re.MULTILINE)
_PLAIN_YAML = re.compile(r"[^\W\d_][\w ’—–.,()-]*(?<![ ,-])")


def retitle(edit: Retitle, texts: Mapping[str, str]) -> Edited:
    """Give the one text a new title. Raises Unsure when there are several texts or no title is to be found."""
    if len(texts) != 1:
        raise Unsure([f"Which chapter should be called “{edit.title}”: {', '.join(list(texts)[:8])}?"])
    path, text = next(iter(texts.items()))
    page = read_page(text)
    changes, notes = list(_changes(edit, page)), []
    if not changes:
        raise Unsure(
            [f"{path} has no heading at its beginning and no title in its front matter. Where should the title go?"]
        )
    for (start, end), new in sorted(changes, reverse=True):
        if text[start:end] != new and new.endswith(edit.title) and text[start:end] and new.startswith(text[start:end]):
            notes.append(f"“{text[start:end]}” kept its number and gained the title.")
        text = text[:start] + new + text[end:]
    if text == page.text:
        raise NothingToDo([f"That is the title of {path} already."])
    return Edited({path: text}, 1, tuple(notes))


def _changes(edit: Retitle, page: Page) -> Iterator[tuple[Span, str]]:
    heading = heading_span(page)
    title = conform(edit.title, page.text)
    old = page.text[heading[0] : heading[1]] if heading else ""
    if heading:
        yield heading, _numbered(old, title)
    value = front_title(page)
    if value:
        shown = _unquoted(page.text[value[0] : value[1]])
        if not heading or fold(shown) in {fold(old), fold(_name_of(old))}:
            yield value, _as_value(page.text[value[0] : value[1]], _numbered(shown, title))


def heading_span(page: Page) -> Span | None:
    """Return the span of the words of the heading that opens a text, or of its only first-level heading."""
    blocks = [
        block for block in page.blocks if block.kind != "front" and not page.text[block.start :].startswith("<!--")
    ]
    headings = [block for block in blocks if block.kind == "heading"]
    first = [block for block in headings if page.text[block.start :].lstrip("\ufeff ").startswith("# ")]
    chosen = blocks[:1] if blocks and blocks[0].kind == "heading" else first if len(first) == 1 else []
    if not chosen:
        return None
    line = page.lines[chosen[0].first]
    found = _ATX.match(page.text[line.start : line.end])
    if found:
        return line.start + found.start("title"), line.start + found.end("title")
    if chosen[0].last - chosen[0].first != 2:
        return None
    content = page.text[line.start : line.end]
    start = line.start + len(content) - len(content.lstrip("\ufeff "))
    return start, line.start + len(content.rstrip())


def _name_of(heading: str) -> str:
    found = _NUMBERED.match(heading)
    return found["name"] if found else heading


def _numbered(old: str, title: str) -> str:
    """Return the new heading; the old one's number stays unless the new title brings its own."""
    found = _NUMBERED.match(old)
    if not found or _NUMBERED.match(title) or (found["name"] and not found["between"]):
        return title
    if found["label"].isdigit() and not found["between"]:
        return f"{found['label']}. {title}"
    between = found["between"] if found["name"] and found["between"] else ": "
    return f"{found['label']}{between}{title}"


def front_title(page: Page) -> Span | None:
    """Return the span of the title's value in the front matter, its quotes included."""
    front = next((block for block in page.blocks if block.kind == "front"), None)
    found = _FRONT_TITLE.search(page.text, front.start, front.end) if front else None
    return found.span("value") if found else None


def _unquoted(value: str) -> str:
    if value[:1] == value[-1:] == "'" and len(value) > 1:
        return value[1:-1].replace("''", "'")
    return value[1:-1].replace('\\"', '"') if value[:1] == value[-1:] == '"' and len(value) > 1 else value


def _as_value(old: str, title: str) -> str:
    if old[:1] == "'" and old[-1:] == "'":
        return "'" + title.replace("'", "''") + "'"
    if (
        old[:1] == '"'
        or not _PLAIN_YAML.fullmatch(title)
        or title.lower() in {"yes", "no", "true", "false", "null", "on", "off"}
    ):
        return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return title
