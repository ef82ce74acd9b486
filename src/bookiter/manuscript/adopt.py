"""Recognise the chapters in a folder that was written without bookiter, and lay out a new manuscript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bookiter.manuscript.config import LevelSettings
from bookiter.manuscript.units import list_units, natural_key

ENDINGS = (".md", ".markdown", ".txt")
NO_CHAPTERS = (
    "README*", "CHANGELOG*", "CONTRIBUTING*", "LICENSE*", "LICENCE*", "COPYING*", "SUMMARY*", "NOTES*", "TODO*", "AUTHORS*",
    "readme*", "changelog*", "license*", "notes*", "todo*", "imprint*",
)  # fmt: skip
_SINGLE = ("taxonomy", "premise", "treatment")
_DEPTH = 2
_ASIDE = frozenset("drafts draft notes old archive research outline outlines docs trash backup".split())
_HEADER = "# Settings of this manuscript; `bookiter config` lists all of them with their values."


@dataclass(frozen=True)
class Layout:
    """Where a folder keeps its levels; only what differs from the shipped configuration."""

    project: str
    levels: dict[str, LevelSettings]
    chapters: tuple[str, ...]

    def yaml(self) -> str:
        """Return the bookiter.yaml that says so."""
        lines = [
            _HEADER,
            f"project: {_quoted(self.project)}",
        ]
        if self.levels:
            lines.append("levels:")
        for name, level in self.levels.items():
            exclude = ", ".join(_quoted(pattern) for pattern in level.exclude)
            lines.append(
                f"  {name}: {{folder: {_quoted(level.folder)}, files: {_quoted(level.files)}, exclude: [{exclude}]}}"
            )
        return "\n".join(lines) + "\n"


def recognise(root: Path, shipped: dict[str, LevelSettings]) -> Layout | None:
    """Return how a folder of chapters is laid out; None when there are no chapters in it."""
    levels: dict[str, LevelSettings] = {}
    for name in _SINGLE:
        if not list_units(root, name, shipped[name]) and (found := next(_named(root, name), None)):
            levels[name] = LevelSettings(folder=".", files=found)
    if list_units(root, "prose", shipped["prose"]):
        chapters = shipped["prose"]
    else:
        best = max(_folders(root), key=_likelihood, default=None)
        if best is None:
            return None
        folder, names = best
        ending = Path(names[0]).suffix
        exclude = [p for p in NO_CHAPTERS if any((root / folder).glob(p))] + [
            s.files for s in levels.values() if folder == Path()
        ]
        chapters = levels["prose"] = LevelSettings(
            folder=folder.as_posix(), files="*" + ending, exclude=list(dict.fromkeys(exclude))
        )
    titles = tuple(unit.path for unit in list_units(root, "prose", chapters))
    return Layout(slug(root.resolve().name), levels, titles) if titles else None


def slug(name: str) -> str:
    """Return a short name for a project out of a folder's name."""
    return re.sub(r"[^\w]+", "-", name, flags=re.UNICODE).strip("-_").lower() or "book"


def starter(project: str, history: tuple[str, str]) -> dict[str, str]:
    """Return the files of a new manuscript: every level, with a line in each that says what belongs there.

    ``history`` is the name and content of a level's history before its first iteration.
    """
    files = {
        "bookiter.yaml": f"{_HEADER}\nproject: {_quoted(project)}\n",
        "taxonomy/taxonomy.md": "# Taxonomy\n\n- Genre:\n- Tone:\n- Setting:\n- Point of view:\n- Tense:\n- Audience:\n",
        "premise/premise.md": "# Premise\n\nWho wants what, and what stands in the way?\n",
        "treatment/treatment.md": "# Treatment\n\nThe story from beginning to end, act by act.\n",
        "chapter-beats/chapter-01.md": "# Chapter 1\n\n- What happens first.\n",
        "chapters/chapter-01.md": "# Chapter 1\n\nIt begins here.\n",
    }
    folders = sorted({path.rpartition("/")[0] for path in files if "/" in path})
    return files | {f"{folder}/{history[0]}": history[1] for folder in folders}


def _named(root: Path, stem: str) -> Iterator[str]:
    yield from (stem + ending for ending in ENDINGS if (root / (stem + ending)).is_file())


def _likelihood(found: tuple[Path, list[str]]) -> tuple[bool, int, int]:
    """Prefer the folder with most files, but no drafts or notes, and among equals the one nearest to the root."""
    folder, names = found
    aside = any(part.lower() in _ASIDE for part in folder.parts)
    return not aside, len(names), -len(folder.parts)


def _folders(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder near the root with the files in it that may be chapters, all of one ending."""
    for folder in [root, *_below(root, _DEPTH)]:
        for ending in ENDINGS:
            names = [p.name for p in folder.iterdir() if p.is_file() and p.suffix == ending and _may_be_chapter(p)]
            if names:
                yield folder.relative_to(root), sorted(names, key=natural_key)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    for child in sorted(folder.iterdir()):
        if (
            child.is_dir()
            and not child.is_symlink()
            and not child.name.startswith((".", "_"))
            and child.name != "node_modules"
        ):
            yield child
            if depth > 1:
                yield from _below(child, depth - 1)


def _may_be_chapter(path: Path) -> bool:
    stem = path.stem.lower()
    if path.name.startswith(".") or stem in _SINGLE:
        return False
    return not any(path.match(pattern) for pattern in NO_CHAPTERS)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
