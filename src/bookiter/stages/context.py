"""What every stage works with: the book, its repository, the run, the models, and where to report."""

from collections.abc import Callable
from dataclasses import dataclass

from bookiter.llm.interface import Model
from bookiter.manuscript.book import Book
from bookiter.stages.events import Report
from bookiter.store.history import read_history
from bookiter.store.repo import Repository
from bookiter.store.runs import Run, Runs


@dataclass(frozen=True)
class Context:
    """The surroundings of one run. ``models`` builds the model on first use and raises ModelFailed when there is none."""

    book: Book
    repo: Repository
    runs: Runs
    run: Run
    models: Callable[[], Model]
    report: Report
    boundary_key: bytes
    dry: bool = False


def current_target(book: Book, repo: Repository | None, runs: Runs) -> str | None:
    """Return the level that is meant when a request names none.

    It is the one set by hand or by the last iteration; in a fresh clone the level whose history was committed last;
    else the only level with content, or the prose of a book that was adopted with its prose alone.
    """
    present = book.levels_with_content()
    chosen = runs.target()
    if chosen in present:
        return chosen
    histories = {book.history_path(level): level for level in present}
    begun = [path for path in histories if read_history(book.root / path, path)]
    last = repo.last_committed(begun) if repo else ()
    if len(last) == 1:
        return histories[last[0]]
    return present[0] if len(present) == 1 else None
