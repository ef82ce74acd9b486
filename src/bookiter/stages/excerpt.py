"""A diff short enough for a prompt: of long files the largest changed places, in their order, with what is left out said."""

from itertools import groupby

from bookiter.patch import unified_diff
from bookiter.stages.change import Change
from bookiter.stages.measure import Block, blocks_of
from bookiter.text import plural

_LEAST = 600  # a file that cannot be given as many characters is named only


def excerpt(change: Change, limit: int) -> str:
    """Return the diff of all files in at most about ``limit`` characters."""
    diffs = {file.path: unified_diff(file.path, file.before, file.after) for file in change.files}
    room = _shares(diffs, limit)
    shown = [text if len(text) <= room[path] else _places(path, text, room[path]) for path, text in diffs.items()]
    return "".join(shown)


def _shares(diffs: dict[str, str], limit: int) -> dict[str, int]:
    """Divide the room evenly; what a short file leaves goes to the longer ones."""
    room: dict[str, int] = {}
    left = limit
    for at, path in enumerate(sorted(diffs, key=lambda each: len(diffs[each]))):
        room[path] = min(len(diffs[path]), left // (len(diffs) - at))
        left -= room[path]
    return room


def _places(path: str, diff: str, room: int) -> str:
    if room < _LEAST:
        return f"--- {path}: too long to be shown here\n"
    blocks = list(blocks_of(diff))
    shown = [_marked(block, room // 4) for block in blocks]
    chosen: set[int] = set()
    for at in sorted(range(len(blocks)), key=lambda i: -len(blocks[i].removed) - len(blocks[i].added)):
        if len(shown[at]) <= room:
            chosen.add(at)
            room -= len(shown[at])
    parts: list[str] = []
    for wanted, run in groupby(range(len(blocks)), key=lambda i: i in chosen):
        places = list(run)
        parts += [shown[at] for at in places] if wanted else [f"[{plural(len(places), 'place')} not shown]\n"]
    return f"--- {path}: its largest changed places\n" + "".join(parts)


def _marked(block: Block, most: int) -> str:
    return f"@@ line {block.line} @@\n{_lines('-', block.removed, most)}{_lines('+', block.added, most)}"


def _lines(sign: str, text: str, most: int) -> str:
    if len(text) > most:
        cut = len(text) - most
        text = f"{text[: most * 2 // 3]}\n[… {plural(cut, 'character')} not shown …]\n{text[-(most // 3) :]}"
    return "".join(f"{sign}{line}\n" for line in text.splitlines())
