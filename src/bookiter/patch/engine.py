"""The one place that decides about a patch: every hunk in one place or nothing at all.

    numbered   the whole diff stands, byte for byte, exactly where its numbers say: no question is left open
    …          else every hunk by itself, against the original (``hunk``)
    chained    as exact or folded, but against what the other hunks make of the text (their lines quoted as context)

What is proved before a byte is returned: each hunk has one place, no two edits touch the same lines unless they are the
same edit, no dots are written for text left out, words of the file that a hunk misquotes or leaves out stay as they are,
and nothing is applied that the file already has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bookiter.patch.diff import unified_diff
from bookiter.patch.edits import compose, trimmed
from bookiter.patch.elision import elided
from bookiter.patch.hunk import HunkRefused, Task, place
from bookiter.patch.model import Applied, Edit, Hunk, PlacedHunk
from bookiter.patch.nearest import nearest
from bookiter.patch.numbered import numbered
from bookiter.patch.place import Ground
from bookiter.patch.readings import Reading
from bookiter.patch.refusal import Finding, PatchRefused, refuse

_MOST_NEAREST = 10
"""For so many hunks of a refusal the nearest passage is looked up; a model is not helped by more."""


def apply_hunks(
    original: str, hunks: Sequence[Hunk], *, reverse: bool, path: str, repairs: Sequence[str] = ()
) -> Applied:
    """Apply the hunks of one file to its text. Raises :class:`PatchRefused` with a finding for every hunk that fails."""
    _refuse_no_text(original, path)
    tasks = [Task(number, hunk, reverse) for number, hunk in enumerate(_once(hunks), 1)]
    tasks = [task for task in tasks if task.reading.changes]
    if not tasks:
        return Applied(original, (), "", tuple(repairs))
    ground = Ground(original)
    _refuse_elided(tasks, path)
    placed = _by_number(ground, tasks) or _by_content(ground, tasks, path)
    text = compose(original, _disjoint(original, placed, path))
    if text == original:
        findings = [Finding(task.number, "already_applied", "the text already reads so", path=path) for task in tasks]
        raise PatchRefused(findings, status="already_applied")
    everything = dict.fromkeys([*repairs, *(repair for hunk in placed for repair in hunk.repairs)])
    return Applied(text, tuple(placed), unified_diff(path, original, text), tuple(everything))


def _refuse_no_text(original: str, path: str) -> None:
    if "\0" in original:
        raise refuse("unsafe", "the file holds NUL characters, so it is no text", path=path)
    if original.isascii():
        return
    try:
        original.encode()
    except UnicodeEncodeError:
        raise refuse("unsafe", "the file holds lone surrogates, which cannot be written as UTF-8", path=path) from None


def _once(hunks: Sequence[Hunk]) -> list[Hunk]:
    """The hunks without exact repetitions."""
    return list({(hunk.rows, hunk.numbers, hunk.heading): hunk for hunk in hunks}.values())


def _refuse_elided(tasks: list[Task], path: str) -> None:
    findings = []
    for task in tasks:
        if line := elided(task.reading.ops):
            message = "an added line leaves text out with dots; write it out in full"
            findings.append(Finding(task.number, "elided", message, wanted=line, path=path))
    if findings:
        raise PatchRefused(findings)


def _by_number(ground: Ground, tasks: list[Task]) -> list[PlacedHunk] | None:
    """Place the whole diff by its numbers, if it is sound and stands exactly there."""
    found = numbered(ground.text.raw, [task.hunk for task in tasks], reverse=tasks[0].reverse)
    return None if found is None else [PlacedHunk("numbered", line, (), tuple(edits)) for line, edits in found]


def _by_content(ground: Ground, tasks: list[Task], path: str) -> list[PlacedHunk]:
    placed: dict[int, PlacedHunk] = {}
    failed: dict[int, tuple[Task, HunkRefused]] = {}
    for task in tasks:
        try:
            placed[task.number] = place(ground, task)
        except HunkRefused as refused:
            failed[task.number] = (task, refused)
    for number, (task, why) in list(failed.items()):
        chained = (
            _chained(ground, task, list(placed.values())) if why.reason in ("not_found", "contradiction") else None
        )
        if chained is not None:
            placed[number] = chained
            del failed[number]
    if failed:
        findings = [
            _finding(ground, task, why, path, number < _MOST_NEAREST)
            for number, (task, why) in enumerate(failed.values())
        ]
        done = not placed and all(finding.reason == "already_applied" for finding in findings)
        raise PatchRefused(findings, status="already_applied" if done else "refused")
    return [placed[number] for number in sorted(placed)]


def _chained(ground: Ground, task: Task, placed: list[PlacedHunk]) -> PlacedHunk | None:
    """Place a hunk against what the others make of the text, if it leaves their lines alone."""
    edits = sorted({edit for hunk in placed for edit in hunk.edits}, key=lambda edit: (edit.start, edit.end))
    if not edits or any(a.end > b.start for a, b in pairwise(edits)):
        return None
    try:
        hunk = place(Ground(compose(ground.text.raw, edits)), task)
    except HunkRefused:
        return None
    mapped = [back for edit in hunk.edits if (back := _back(edit, edits)) is not None]
    if hunk.tier not in ("exact", "folded") or len(mapped) != len(hunk.edits):
        return None
    line = ground.text.line_at(mapped[0].start) + 1
    return replace(hunk, tier="chained", line=line, edits=tuple(mapped))


def _back(edit: Edit, made: list[Edit]) -> Edit | None:
    """The edit in offsets of the original; None when it touches what another hunk wrote."""
    shift = 0
    for other in made:
        start = other.start + shift
        end = start + len(other.text)
        if edit.end <= start:
            break
        if edit.start < end:
            return None
        shift += len(other.text) - (other.end - other.start)
    return Edit(edit.start - shift, edit.end - shift, edit.text)


def _disjoint(raw: str, placed: list[PlacedHunk], path: str) -> list[Edit]:
    """All edits, sorted, equal ones once. Raises :class:`PatchRefused` if two that differ touch."""
    owners: dict[Edit, int] = {}
    for number, hunk in enumerate(placed, 1):
        for edit in hunk.edits:
            owners.setdefault(trimmed(raw, edit), number)
    edits = sorted(owners, key=lambda edit: (edit.start, edit.end))
    findings = [
        Finding(owners[b], "overlap", f"it changes the same lines as hunk {owners[a]} in another way", path=path)
        for a, b in pairwise(edits)
        if a.end > b.start or a.start == b.start
    ]
    if findings:
        raise PatchRefused(findings)
    return edits


def _finding(ground: Ground, task: Task, refused: HunkRefused, path: str, detailed: bool) -> Finding:
    reading = task.reading
    quoted = [op.text for kind in ("-", " ") for op in reading.ops if op.kind == kind and not op.blank]
    wanted = quoted[0] if quoted else ""
    finding = Finding(task.number, refused.reason, refused.message, wanted=wanted, places=refused.places, path=path)
    if refused.places or not detailed:
        return finding
    found = nearest(ground, list(_misplaced(ground, reading)) or [wanted])
    if found is None:
        return finding
    return replace(finding, wanted=found.wanted, nearest=found.text, line=found.line + 1, column=found.column + 1)


def _misplaced(ground: Ground, reading: Reading) -> Iterator[str]:
    """The quoted lines that the file does not have, removed ones first."""
    for kind in ("-", " "):
        for op in reading.ops:
            if op.kind == kind and not op.blank and not ground.stands(op.text):
                yield op.text
