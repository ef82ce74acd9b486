"""The page an author decides by, as rows that Markdown and the terminal draw each in its own way; and its short form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bookiter.stages.documents import Intent, Verdict
from bookiter.stages.figures import MAGNITUDES, Figures, UnitFigures
from bookiter.stages.manner import Manner
from bookiter.stages.telling import Shift, Telling, Told, cleaned
from bookiter.text import one_line, plural

Kind = Literal["title", "heading", "quote", "item", "subitem", "text"]
STARS = {"major": "★★★", "moderate": "★★", "minor": "★"}
LINE_CHARS = 400
_FEEDBACK, _REASONING, _DESCRIPTION = 1000, 1000, 300
_BARE = 12  # files of one magnitude of which only figures are known that are listed one by one
_NAMES = 8
_MANY = 24  # of more files the manner as a whole says nothing, and takes long to count


@dataclass(frozen=True)
class Row:
    """One row of the page; a ``label`` leads its text ("Before: …")."""

    kind: Kind
    text: str
    label: str = ""


def rows_of(intent: Intent, verdict: Verdict, attempts: int, figures: Figures, telling: Telling) -> tuple[Row, ...]:
    """Return the page: the request, the verdict, the changes by size, their impact, the reasons and the risks."""
    return (
        Row("title", "Iteration summary"),
        Row("heading", "Feedback"),
        Row("quote", _flat(intent.request, _FEEDBACK)),
        Row("heading", "Judge"),
        Row("text", _verdict(verdict, attempts)),
        *([Row("quote", _flat(verdict.reasoning, _REASONING))] if verdict.reasoning else []),
        *_changes(figures, telling),
        Row("heading", "Overall impact"),
        *_impact(figures, telling),
        *([Row("heading", "Why these changes work"), Row("text", telling.why)] if telling.why else []),
        *([Row("heading", "Risks")] if telling.risks else []),
        *(Row("item", risk) for risk in telling.risks),
    )


def _flat(text: str, limit: int) -> str:
    return one_line(cleaned(text), limit)


def _verdict(verdict: Verdict, attempts: int) -> str:
    tried = plural(attempts, "attempt")
    if verdict.verdict == "unjudged":
        return "Not judged."
    if not verdict.approved:
        return f"Not approved after {tried}" + (": a check failed." if verdict.by == "checks" else ".")
    if verdict.by == "proof":
        return "Approved: proven by comparison, without a model."
    if verdict.by == "author":
        return f"Edited by the author after {tried}."
    return f"Approved after {tried}."


def _changes(figures: Figures, telling: Telling) -> Iterator[Row]:
    told = {each.path: each for each in telling.told}
    foundation = [unit for unit in figures.units if unit.foundation]
    if foundation:
        yield Row("heading", "Foundation")
        for shift in telling.foundation:
            yield Row("item", _arrow(shift), "✓")
        for unit in foundation:
            yield from _unit(unit, told[unit.path])
    for magnitude in MAGNITUDES:
        units = [u for u in figures.units if not u.foundation and told[u.path].magnitude == magnitude]
        if units:
            yield Row("heading", f"{magnitude.capitalize()} changes ({STARS[magnitude]})")
            yield from _units(units, told)


def _arrow(shift: Shift) -> str:
    return f"{shift.what}: {shift.before} → {shift.after}" if shift.before else shift.what


def _units(units: Sequence[UnitFigures], told: dict[str, Told]) -> Iterator[Row]:
    """Those with something told of them first; of the others no more than a few one by one."""
    yield from (row for unit in units if told[unit.path].shifts for row in _unit(unit, told[unit.path]))
    bare = [unit for unit in units if not told[unit.path].shifts]
    listed = bare if len(bare) <= _BARE + 1 else bare[:_BARE]
    yield from (row for unit in listed for row in _unit(unit, told[unit.path]))
    if rest := bare[len(listed) :]:
        added, removed = sum(u.facts.added_lines for u in rest), sum(u.facts.removed_lines for u in rest)
        changed = sum(u.facts.changed_words for u in rest)
        yield Row(
            "item", f"+{added:,} −{removed:,} lines, {plural(changed, 'word')} changed", f"{len(rest):,} more files"
        )


def _unit(unit: UnitFigures, told: Told) -> Iterator[Row]:
    name = unit.label[:1].upper() + unit.label[1:]
    first, *others = told.shifts or (Shift(""),)
    yield Row("item", first.what or _lines(unit), name)
    for at, shift in enumerate((first, *others)):
        if at:
            yield Row("subitem", shift.what)
        if shift.before:
            yield Row("subitem", shift.before, "Before")
            yield Row("subitem", shift.after, "After")
    yield from (Row("subitem", detail) for detail in told.details)
    yield Row("subitem", _words(unit), "Counted")


def _lines(unit: UnitFigures) -> str:
    return f"+{unit.facts.added_lines:,} −{unit.facts.removed_lines:,} lines"


def _words(unit: UnitFigures) -> str:
    facts = unit.facts
    parts = [f"{_from_to(facts.words_before, facts.words_after, 'words')}, {share(facts.share)} of them changed"]
    fates = [f"{count:,} {fate}" for fate, count in unit.paragraphs.items() if count]
    parts += [f"paragraphs: {', '.join(fates)}"] if fates else []
    if share(unit.before.dialogue) != share(unit.after.dialogue):
        parts.append(f"dialogue {share(unit.before.dialogue)} → {share(unit.after.dialogue)}")
    return "; ".join(parts)


def _from_to(before: int, after: int, noun: str = "") -> str:
    of = f" {noun}" if noun else ""
    return f"{before:,} → {after:,}{of} ({signed(after - before)})" if before != after else f"{after:,}{of}"


def signed(number: int) -> str:
    """Return a difference with its sign: +12, −3, ±0."""
    return f"{'+' if number > 0 else '−' if number else '±'}{abs(number):,}"


def share(part: float) -> str:
    """Return a share as a percentage, with a decimal where it is small."""
    percent = part * 100
    if 0 < percent < 0.1:
        return "less than 0.1%"
    return f"{percent:.1f}%" if 0 < percent < 10 else f"{percent:.0f}%"


def _impact(figures: Figures, telling: Telling) -> Iterator[Row]:
    facts = figures.facts
    of = f" of {figures.out_of:,}" if figures.out_of else ""
    yield Row("item", f"{facts.files:,}{of}{_which(figures)}", "Files changed")
    yield Row("item", f"+{facts.added_lines:,} −{facts.removed_lines:,}", "Lines changed")
    changed = f", {facts.changed_words:,} changed ({share(facts.share)})"
    yield Row("item", f"{_from_to(facts.words_before, facts.words_after)}{changed}", "Words")
    yield Row("item", figures.scope.line(), "Scope")
    if len(figures.units) <= _MANY:
        yield from _manner(figures.before, figures.after)
    for label, names in (("Names that came", figures.came), ("Names that went", figures.went)):
        if names:
            more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
            yield Row("item", ", ".join(names[:_NAMES]) + more, label)
    for label, text in (("Arc", telling.arc), ("Tone", telling.tone), ("Consistency", telling.consistency)):
        if text:
            yield Row("item", text, label)


def _which(figures: Figures) -> str:
    levels: dict[str, int] = {}
    for unit in figures.units:
        levels[unit.level] = levels.get(unit.level, 0) + 1
    return f" ({', '.join(f'{count:,} in {level}' for level, count in levels.items())})" if len(levels) > 1 else ""


def _manner(before: Manner, after: Manner) -> Iterator[Row]:
    if share(before.dialogue) != share(after.dialogue):
        yield Row("item", f"{share(before.dialogue)} → {share(after.dialogue)} of the words", "Dialogue")
    pairs = [
        ("average", f"{before.average:.1f}", f"{after.average:.1f} words"),
        ("longest", f"{before.longest:,}", f"{after.longest:,}"),
        ("shortest", f"{before.shortest:,}", f"{after.shortest:,}"),
    ]
    if any(one != other.split()[0] for _, one, other in pairs):
        told = [
            f"{name} {one} → {other}" if one != other.split()[0] else f"{name} {other}" for name, one, other in pairs
        ]
        yield Row("item", ", ".join(told), "Sentences")


_MARKDOWN = {"title": "# ", "heading": "## ", "quote": "> ", "item": "- ", "subitem": "  - ", "text": ""}
_LISTED = ("item", "subitem")


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the page as Markdown; what a model or the request says can make neither headings, links nor elements of it."""
    lines: list[str] = []
    before: Row | None = None
    for row in rows:
        if before and not (row.kind in _LISTED and before.kind in _LISTED):
            lines.append("")
        label = f"**{_inert(row.label)}:** " if len(row.label) > 1 else f"{row.label} " if row.label else ""
        lines.append(f"{_MARKDOWN[row.kind]}{label}{_inert(row.text, leads=not label)}")
        before = row
    return "\n".join(lines) + "\n"


def _inert(text: str, *, leads: bool = False) -> str:
    """Keep a text from being read as Markdown: as a link, an element, or, where it leads its row, as a block."""
    plain = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text.replace("](", "]\\("))
    return "\\" + plain if leads and re.match(r"[#>*+\-=|`~]", plain) else plain


def line_of(intent: Intent, figures: Figures, telling: Telling) -> str:
    """Return the change in a line of at most 400 characters: the changes by size, and what the figures say of each."""
    for room in (200, 120, 80, 50, 0):
        line = _line(intent, figures, telling, room)
        if len(line) <= LINE_CHARS:
            return line
    return one_line(line, LINE_CHARS)


def _line(intent: Intent, figures: Figures, telling: Telling, room: int) -> str:
    told = {each.path: each for each in telling.told}
    parts: list[str] = []
    if not any(each.shifts for each in telling.told) and not telling.foundation:
        parts.append(_sentence(_flat(intent.description, _DESCRIPTION if room > 50 else 100)))
    if telling.foundation and room:
        parts.append(_sentence(f"Foundation: {'; '.join(one_line(_arrow(s), room) for s in telling.foundation)}"))
    for magnitude in MAGNITUDES:
        units = [unit for unit in figures.units if told[unit.path].magnitude == magnitude]
        if units:
            most = len(units) if room else 2
            said = [_short(unit, told[unit.path], room) for unit in units[:most]]
            more = [f"and {len(units) - most} more"] if len(units) > most else []
            parts.append(_sentence(f"{magnitude.capitalize()}: {'; '.join([*said, *more])}"))
    if telling.tone and room >= 120:
        parts.append(_sentence(f"Tone: {telling.tone}"))
    return " ".join(filter(None, parts))


def _short(unit: UnitFigures, told: Told, room: int) -> str:
    facts = unit.facts
    more = facts.words_after - facts.words_before
    counted = f"({signed(more)} {'word' if abs(more) == 1 else 'words'}, {share(facts.share)} changed)"
    what = one_line(told.shifts[0].what, room).rstrip(".") if told.shifts and room else ""
    return f"{unit.label}: {what} {counted}" if what else f"{unit.label} {counted}"


def _sentence(text: str) -> str:
    bare = text.rstrip(" .")
    return f"{bare}." if bare and bare[-1] not in "!?…" else bare
