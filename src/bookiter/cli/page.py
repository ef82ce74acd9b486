"""Draw the page of a change on a terminal: the Markdown of summary.md with headings, stars and lines that fit."""

import re
from collections.abc import Iterator

from bookiter.cli.wrap import Run, wrapped

_RULE = "━"
_RULE_COLUMNS = 60
_SIDES = ("Before", "After")
_ITEM = re.compile(r"(?P<depth> *)- (?:\*\*(?P<label>[^*]+):\*\* )?(?P<text>.*)", re.S)


def draw(markdown: str, columns: int | None, colour: bool) -> str:
    """Return the page for a terminal of so many columns; without ``columns`` no line is broken."""
    rows = [row for row in markdown.splitlines() if row]
    return "\n".join(line for row in rows for line in _row(row, columns, colour))


def _row(row: str, columns: int | None, colour: bool) -> Iterator[str]:
    bold, dim = ("bold", "dim") if colour else ("", "")
    if row.startswith("# "):
        rule = _RULE * min(columns or _RULE_COLUMNS, _RULE_COLUMNS)
        yield from (rule, *wrapped([Run(_plain(row[2:]).upper(), bold)], columns), rule)
    elif row.startswith("## "):
        yield from ("", *wrapped([Run(_plain(row[3:]), bold)], columns))
    elif row.startswith("> "):
        yield from wrapped([Run(_plain(row[2:]), "")], columns, "  │ ")
    elif found := _ITEM.fullmatch(row):
        deep = bool(found["depth"])
        label = f"{_plain(found['label'])}: " if found["label"] else ""
        text = _plain(found["text"])
        counted = dim if found["label"] == "Counted" else ""
        lead = ("      " if label else "      - ") if deep else "  " if text.startswith("✓ ") else "  • "
        hang = " " * (len(lead) + len(label) if found["label"] in _SIDES else 6 if deep else 4)
        runs = [Run(label, counted or ("" if deep else bold)), Run(text, counted)]
        yield from wrapped(runs, columns, lead, hang if label or not deep else " " * len(lead))
    else:
        yield from wrapped([Run(_plain(row))], columns, "  ")


def _plain(text: str) -> str:
    """Take back what keeps a text from being read as Markdown, and what a terminal would take for a command."""
    bare = text[1:] if text.startswith("\\") else text
    return bare.replace("&lt;", "<").replace("]\\(", "](").replace("\x1b", "�")
