"""Take an accepted iteration back: what git revert does, with the history kept and nothing reset."""

from collections.abc import Sequence
from dataclasses import dataclass

from bookiter.errors import InvalidInput, NotApproved, NotReady
from bookiter.manuscript.units import HISTORY_NAME
from bookiter.stages.chronicle import Iteration, iterations
from bookiter.stages.combine import Combined, combine, require_places
from bookiter.stages.commit import histories_with, now, require_clean_paths, trailers
from bookiter.stages.context import Context
from bookiter.stages.documents import Target
from bookiter.stages.land import Landing, land
from bookiter.stages.measure import Facts, measure
from bookiter.store.journal import TRAILER
from bookiter.store.objects import changed_paths
from bookiter.text import one_line


@dataclass(frozen=True)
class Undone:
    """What was taken back: of which iteration, by which commit, in which files."""

    iteration: Iteration
    commit: str
    subject: str
    files: Combined
    facts: Facts


def undo(ctx: Context, name: str = "", *, only: Sequence[str] = ()) -> Undone:
    """Take back an accepted iteration, the last one unless named, or only some of its files; the caller holds the lock.

    Raises InvalidInput for an unknown or ambiguous name, NotReady where later edits stand in the same lines.
    """
    ctx.repo.require_committable()
    iteration = find_iteration(ctx, name)
    commit, parent = _commits(ctx, iteration)
    paths = _chosen(ctx, iteration, changed_paths(ctx.repo, parent, commit), only)
    files = combine(ctx.repo, commit, parent, paths, what="taking it back")
    if not files:
        raise NotApproved("nothing would change: none of it is in the last commit any more.")
    targets = _targets(ctx, files)
    histories = [ctx.book.history_path(target.level) for target in targets]
    require_clean_paths(ctx, [*(path for path in files.paths if files.before[path] is not None), *histories])
    _require_free(ctx, files)
    require_places(ctx.book.root, files.paths)
    facts = measure(files.change()).facts
    subject = f'Revert "{_subject(ctx, commit)}"'
    said = trailers(
        {
            TRAILER: ctx.run.id,
            "Bookiter-Undoes": iteration.id,
            "Bookiter-Feedback": f"Undo: {iteration.feedback}",
        }
    )
    whole = "" if only else f"This reverts commit {commit}.\n\n"
    entries = histories_with(
        ctx, targets, files.paths, lambda level: _entry(ctx, iteration, level, targets, facts, bool(only))
    )
    landing = Landing(ctx.run.id, f"{subject}\n\n{whole}{said}", files.before, files.after, entries)
    return Undone(iteration, land(ctx, landing), subject, files, facts)


def find_iteration(ctx: Context, name: str) -> Iteration:
    """Return the iteration of an id, a beginning or end of one, or of its commit; without a name the last one standing."""
    known = [each for each in iterations(ctx.book, ctx.repo) if each.commit]
    if not name:
        standing = [each for each in known if not each.undone and not each.entry.get("undoes")]
        if not standing:
            raise NotApproved("there is no iteration to take back.", hint="`bookiter history` lists them.")
        return standing[0]
    found = {
        each.id: each
        for each in known
        if each.id == name
        or (len(name) >= 3 and (each.id.startswith(name) or each.id.endswith(name)))
        or (len(name) >= 4 and str(each.commit).startswith(name.lower()))
    }
    if name in found or len(found) == 1:
        return found.get(name) or next(iter(found.values()))
    if found:
        raise InvalidInput(
            f"{name} may be any of {len(found)} iterations: {', '.join(sorted(found)[:5])}.",
            hint="Give more of the id.",
        )
    raise InvalidInput(f"there is no iteration {name!r} on this branch.", hint="`bookiter history` lists them.")


def _commits(ctx: Context, iteration: Iteration) -> tuple[str, str]:
    commit = str(iteration.commit)
    parents = ctx.repo.parents(commit)
    if len(parents) != 1:
        raise NotReady(
            f"the commit {commit[:9]} of that iteration has {len(parents)} parents here, so what it changed is unknown.",
            hint="In a shallow clone, `git fetch --unshallow` may help; else `git revert` it by hand.",
        )
    if iteration.undone:
        raise NotApproved(
            "that iteration has been taken back already.", hint="`bookiter history` shows what took it back."
        )
    return commit, parents[0]


def _chosen(ctx: Context, iteration: Iteration, full: Sequence[str], only: Sequence[str]) -> list[str]:
    """Return the texts of an iteration that are to go back: those of the manuscript, and never a history."""
    own = [path for path in (ctx.repo.own(each) for each in full) if path is not None]
    texts = [path for path in own if path.rpartition("/")[2] != HISTORY_NAME and _is_unit_path(ctx, path)]
    for path in only:
        if path not in texts:
            raise InvalidInput(
                f"iteration {iteration.id} did not change {path}.", hint=f"It changed {', '.join(texts[:5])}."
            )
    return [path for path in texts if not only or path in only]


def _is_unit_path(ctx: Context, path: str) -> bool:
    """Tell whether a path is, or was, a part of the manuscript: in the folder of a level."""
    folder = path.rpartition("/")[0] or "."
    return path in ctx.book.paths or any(level.folder == folder for level in ctx.book.config.levels.values())


def _targets(ctx: Context, files: Combined) -> list[Target]:
    found = []
    for path in files.paths:
        unit = ctx.book.unit_at(path)
        folder = path.rpartition("/")[0] or "."
        level = unit.level if unit else next(n for n, s in ctx.book.config.levels.items() if s.folder == folder)
        found.append(Target(level=level, number=unit.number if unit else None, path=path))
    return found


def _require_free(ctx: Context, files: Combined) -> None:
    for path in files.restored:
        if (ctx.book.root / path).exists():
            raise NotReady(
                f"{path} would come back, but there is a file of that name which is not committed.",
                hint="Move it away or commit it, then try again.",
                details={"path": path},
            )


def _subject(ctx: Context, commit: str) -> str:
    return one_line(ctx.repo.subject(commit), 100)


def _entry(  # noqa: PLR0913, PLR0917 - what an entry holds
    ctx: Context, iteration: Iteration, level: str, targets: Sequence[Target], facts: Facts, partial: bool
) -> dict[str, object]:
    return {
        "timestamp": now(),
        "iteration": ctx.run.id,
        "level": level,
        "targets": [target.path for target in targets if target.level == level],
        "feedback": f"Undo: {iteration.feedback}",
        "undoes_part_of" if partial else "undoes": iteration.id,
        "judge_attempts": 0,
        "judge_verdict": "unjudged",
        "judge_reasoning": "The author took it back.",
        "semantic_summary": f"Took back: {iteration.entry.get('semantic_summary', '')}",
        "files_changed": facts.files,
        "lines_changed": facts.lines_changed,
    }
