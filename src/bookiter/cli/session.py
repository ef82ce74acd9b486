"""Put a command's surroundings together: console, manuscript, configuration, repository, models, run."""

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookiter.cli.console import Console
from bookiter.cli.progress import Progress
from bookiter.errors import InvalidInput, NotReady
from bookiter.manuscript.book import Book, find_root
from bookiter.manuscript.config import STAGES, Checker, Config, Loaded, load_config
from bookiter.store.files import write_whole
from bookiter.store.repo import Repository, clean_environment, open_repository
from bookiter.store.runs import Run, Runs

if TYPE_CHECKING:
    from bookiter.cli.models import Models
    from bookiter.cli.recorded import RecordedRun
    from bookiter.llm.interface import Model
    from bookiter.stages.context import Context


@dataclass
class Session:
    """What one command works with. Nothing is opened before it is needed."""

    console: Console
    root: Path
    loaded: Loaded
    recorded: "RecordedRun | None" = None
    started: float = field(default_factory=time.monotonic)

    @property
    def config(self) -> Config:
        return self.loaded.config

    @cached_property
    def book(self) -> Book:
        return Book(self.root, self.config)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.root)

    def context(self, repo: Repository, run: Run, progress: Progress, *, dry: bool = False) -> "Context":
        """Return the surroundings of the stages."""
        from bookiter.stages.context import Context

        def models() -> "Model":
            return self.model(run)

        def spawned() -> tuple[Run, Callable[[], "Model"]]:
            other = self.runs.new(dry=dry)
            self.runs.select(run)
            return other, lambda: self.models.beside(other.folder / "calls.jsonl" if other.folder else None)

        def writing() -> contextlib.AbstractContextManager[None]:
            return self.writing(repo, dry=dry)

        return Context(
            self.book,
            repo,
            self.runs,
            run,
            models,
            progress.report,
            self._boundary_key(dry),
            dry,
            writing=writing,
            checkers=self.checkers,
            spawner=spawned,
        )

    def model(self, run: Run) -> "Model":
        """Return the model the configuration names, with cache, meter and record. Raises ModelFailed when there is none."""
        return self.models.model(run.folder / "calls.jsonl" if run.folder else None)

    @cached_property
    def models(self) -> "Models":
        from bookiter.cli.models import Models

        recorded = self.recorded.folder / "calls.jsonl" if self.recorded else None
        return Models(self.root, self.loaded, self.runs, self.started, recorded)

    @contextlib.contextmanager
    def writing(self, repo: Repository | None, *, dry: bool = False) -> Iterator[None]:
        """Keep other bookiters from writing, and take back first what a killed one has left half done."""

        def waiting(holder: str) -> None:
            self.console.say(f"Another bookiter is writing to this manuscript (process {holder}); waiting for it ...")

        with self.runs.locked(dry=dry, seconds=self.config.limits.lock_seconds, waiting=waiting):
            if not dry:
                self._recover(repo)
            yield

    def tidy(self) -> None:
        """Finish or take back what a killed bookiter left half done, so that a command that only reads tells the truth.

        While another bookiter is at work it is left alone.
        """
        from bookiter.store.journal import pending

        if self.runs.folder.exists():
            with contextlib.suppress(OSError):
                self.runs.prepared()  # a folder that was just being made does not ignore itself yet
        if not pending(self.runs.folder):
            return
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self.runs.locked())
            except (NotReady, OSError):
                return
            try:
                self._recover(stack.enter_context(repository(self.root)))
            except NotReady as error:
                self.console.say(f"What an interrupted bookiter left half done is still so: {error.message}")

    def _recover(self, repo: Repository | None) -> None:
        from bookiter.store.journal import recover

        levels = self.config.levels
        own = {self.book.history_path(level) for level in levels}
        folders = {level.folder for level in levels.values()}
        restored = recover(self.runs.folder, self.root, repo, lambda path: _folder_of(path) in folders, own)
        if restored:
            shown = ", ".join(restored[:3]) + (f" and {len(restored) - 3} more" if len(restored) > 3 else "")
            self.console.say(f"Took back what an interrupted bookiter had left half done: {shown}.")

    def checkers(self) -> tuple[Checker, ...]:
        """Return the author's own checkers.

        Raises InvalidConfig when a cloned repository names them without consent, NotReady when one is missing.
        """
        from bookiter.cli.consent import require_allowed
        from bookiter.stages.checkers import require_runnable

        if self.config.checkers:
            require_allowed(self.root, self.loaded, "commands")
            require_runnable(self.root, self.config.checkers)
        return tuple(self.config.checkers)

    def usage(self) -> dict[str, Any]:
        """Return tokens, calls and cost by stage."""
        stages = self.models.usage_by_stage()
        return {
            stage: {
                "calls": usage.calls,
                "prompt_tokens": usage.prompt_tokens,
                "completion_tokens": usage.completion_tokens,
                "cost": usage.cost,
                "estimated": usage.estimated,
            }
            for stage, usage in stages.items()
        }

    def seconds(self) -> float:
        """Return how long the command has been at work."""
        return round(time.monotonic() - self.started, 3)

    def _boundary_key(self, dry: bool) -> bytes:
        """Return the secret of this manuscript that the boundaries in prompts are made from."""
        place = self.runs.folder / "boundary"
        with contextlib.suppress(OSError):
            if len(known := place.read_bytes()) >= 16:
                return known
        key = secrets.token_hex(16).encode()
        if not dry:
            self.runs.cache_folder()
            write_whole(place, key)
        return key


def open_session(
    console: Console,
    folder: Path,
    *,
    flags: Mapping[str, Any] | None = None,
    models: Sequence[str] = (),
    provider: str | None = None,
    replay: str | None = None,
    no_cache: bool = False,
) -> Session:
    """Find the manuscript at or above a folder and load its configuration. Raises NotReady when there is none."""
    root = find_root(folder)
    if root is None:
        raise no_manuscript(folder)
    settings = {**(flags or {}), **_model_flags(models)}
    if provider:
        settings["provider"] = provider
    recorded = None
    if replay:
        from bookiter.cli.recorded import recorded_run

        recorded = recorded_run(Runs(root), replay)
        settings["provider"] = recorded.provider
    if no_cache:
        settings["cache"] = False
    loaded = load_config(root, bookiter_environment(os.environ), settings)
    if loaded.config.provider == "replay" and not replay:
        raise InvalidInput(
            "the provider replay needs a recorded run.", hint="Name it: --replay RUN (a folder in .bookiter/runs)."
        )
    session = Session(console, root, loaded, recorded)
    session.tidy()
    return session


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0] or "."


def bookiter_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that are settings; OPENAI_BASE_URL counts as one, as everywhere."""
    found = {name: value for name, value in environment.items() if name.startswith("BOOKITER_")}
    if environment.get("OPENAI_BASE_URL"):
        found.setdefault("BOOKITER_OPENAI__BASE_URL", environment["OPENAI_BASE_URL"])
    return found


def no_manuscript(folder: Path) -> NotReady:
    """Return the error for a folder that belongs to no manuscript."""
    return NotReady(
        f"there is no manuscript here: no bookiter.yaml in {folder.resolve().name or 'this folder'} or above it.",
        hint="`bookiter init` makes one, or adopts the chapters that are here; `bookiter init --sample DIR` lays out an example.",
    )


@contextlib.contextmanager
def repository(root: Path) -> Iterator[Repository]:
    """Open the manuscript's repository, deaf to variables that would lead git elsewhere."""
    without_misleading_variables()
    with open_repository(root) as repo:
        yield repo


def without_misleading_variables() -> None:
    """Take out of our own environment what would lead git to another repository or index, as its hooks are given it."""
    for name in set(os.environ) - set(clean_environment(os.environ)):
        del os.environ[name]


def _model_flags(models: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in models:
        stage, equals, name = text.partition("=")
        if not equals:
            found["models.default"] = text
            found.update({f"models.{each}": "" for each in STAGES if f"models.{each}" not in found})
        elif stage in (*STAGES, "default") and name:
            found[f"models.{stage}"] = name
        else:
            raise InvalidInput(
                f"--model {text} is not understood.",
                hint=f"STAGE=NAME with a stage of {', '.join(STAGES)}, or NAME alone.",
            )
    return found
