"""What every stage works with: the book, its repository, the run, the models, and where to report."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from bookiter.llm.interface import Model
from bookiter.manuscript.book import Book
from bookiter.manuscript.config import Checker
from bookiter.stages.events import Report
from bookiter.store.candidates import Candidate
from bookiter.store.history import read_history
from bookiter.store.repo import Repository
from bookiter.store.runs import Run, Runs


@dataclass(frozen=True)
class Context:
    """The surroundings of one run. ``models`` builds the model on first use and raises ModelFailed when there is none;
    ``checkers`` returns the author's own, and raises when the author has not consented to run them, or they are missing.

    ``writing`` is entered to write, or to look while nobody else writes: one bookiter at a time, and what a killed one
    left half done is taken back first. ``base`` is the commit that texts are read from, ``parent`` the candidate that
    is iterated on; ``variant`` counts from 0 where several are drawn of one request.
    """

    book: Book
    repo: Repository
    runs: Runs
    run: Run
    models: Callable[[], Model]
    report: Report
    boundary_key: bytes
    dry: bool = False
    writing: Callable[[], AbstractContextManager[object]] = nullcontext
    base: str = ""
    parent: Candidate | None = None
    variant: int = 0
    checkers: Callable[[], tuple[Checker, ...]] = tuple
    spawner: Callable[[], tuple[Run, Callable[[], Model]]] | None = None

    def spawn(self, ctx: "Context") -> "Context":
        """Return the surroundings of another run beside a run."""
        if self.spawner is None:
            return ctx
        run, models = self.spawner()
        return replace(ctx, run=run, models=models)

    def reading(self, texts: Mapping[str, str]) -> "Context":
        """Return the surroundings in which these texts count instead of the files'."""
        return replace(self, book=replace(self.book, texts={**self.book.texts, **texts}))


def current_target(book: Book, repo: Repository | None, runs: Runs, begun: Sequence[str] | None = None) -> str | None:
    """Return the level that is meant when a request names none.

    It is the one set by hand or by the last iteration; in a fresh clone the level whose history was committed last;
    else the only level with content, or the prose of a book that was adopted with its prose alone. ``begun`` are the
    histories that have entries, where that is known already.
    """
    present = book.levels_with_content()
    chosen = runs.target()
    if chosen in present:
        return chosen
    histories = {book.history_path(level): level for level in present}
    if begun is None:
        begun = [path for path in histories if read_history(book.root / path, path)]
    last = repo.last_committed(begun) if repo else ()
    if len(last) == 1:
        return histories[last[0]]
    return present[0] if len(present) == 1 else None
