"""Begin a manuscript: adopt the chapters of a folder, lay out a new one, or copy the sample."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bookiter.errors import InvalidInput, NotReady
from bookiter.manuscript.adopt import Layout, recognise, slug, starter
from bookiter.manuscript.config import FILE_NAME, load_config
from bookiter.manuscript.units import HISTORY_NAME
from bookiter.resources import sample_folder
from bookiter.store.begin import begin_repository, require_not_bare
from bookiter.store.files import write_whole
from bookiter.store.history import EMPTY


@dataclass(frozen=True)
class Beginning:
    """What was done: ``adopted``, ``new``, ``sample`` or ``existing``; whether a first commit was made, else why not."""

    kind: str
    root: Path
    written: tuple[str, ...] = ()
    chapters: int = 0
    commit: str | None = None
    why_no_commit: str = ""


def begin(folder: Path, *, sample: bool, use_git: bool) -> Beginning:
    """Make a manuscript in a folder; nothing that exists is overwritten.

    Raises InvalidInput when the sample's folder is not empty, NotReady when the folder cannot be written.
    """
    require_not_bare(folder)
    try:
        return _sample(folder, use_git) if sample else _own(folder, use_git)
    except OSError as error:
        raise NotReady(f"{folder} cannot be written: {error.strerror}.") from error


def _own(folder: Path, use_git: bool) -> Beginning:
    if (folder / FILE_NAME).exists():
        return Beginning("existing", folder)
    shipped = load_config(None, {}, {}).config.levels
    layout = recognise(folder, shipped) if folder.is_dir() else None
    return _adopt(folder, layout) if layout else _new(folder, use_git)


def _adopt(folder: Path, layout: Layout) -> Beginning:
    write_whole(folder / FILE_NAME, layout.yaml().encode("utf-8"))
    return Beginning("adopted", folder, (FILE_NAME,), len(layout.chapters))


def _new(folder: Path, use_git: bool) -> Beginning:
    folder.mkdir(parents=True, exist_ok=True)
    files = starter(slug(folder.resolve().name), (HISTORY_NAME, EMPTY))
    written = []
    for name, text in files.items():
        if not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, text.encode("utf-8"))
            written.append(name)
    return _committed(Beginning("new", folder, tuple(written), 1), use_git)


def _sample(folder: Path, use_git: bool) -> Beginning:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(
            f"{folder} is not empty; the sample goes into a folder of its own.", hint="Name another folder."
        )
    shutil.copytree(sample_folder(), folder, dirs_exist_ok=True)
    written = tuple(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()))
    chapters = sum(name.startswith("chapters/") and name.endswith(".md") for name in written)
    return _committed(Beginning("sample", folder, written, chapters), use_git)


def _committed(made: Beginning, use_git: bool) -> Beginning:
    if not use_git:
        return made
    commit, why = begin_repository(made.root, made.written, f"Begin {slug(made.root.resolve().name)}")
    return Beginning(made.kind, made.root, made.written, made.chapters, commit, why)
