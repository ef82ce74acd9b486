"""Bring a candidate onto the branch: three-way where the branch has moved on, checked again, one commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from bookiter.errors import InvalidInput, NotApproved, NotReady
from bookiter.stages.candidate import Offer
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.combine import combine, require_places
from bookiter.stages.commit import Origin, commit_change, require_clean_paths
from bookiter.stages.context import Context
from bookiter.stages.measure import measure
from bookiter.stages.summarise import Summary, summarise
from bookiter.store.candidates import Candidate, listed, settle
from bookiter.store.objects import changed_paths
from bookiter.text import one_line


@dataclass(frozen=True)
class Accepted:
    """What came onto the branch: the commit, its subject, and the change as it was made there."""

    commit: str
    subject: str
    summary: Summary
    removed: tuple[str, ...]
    origin: Origin


def accept(ctx: Context, offer: Offer, *, only: Sequence[str] = (), why: str = "") -> Accepted:
    """Accept a candidate, or only some of its files; the caller holds the lock.

    ``why`` is a person's reason to accept what was not approved. Raises NotApproved when there is none and it was not, or
    nothing would change; NotReady when the branch, the files or the candidate are not as they must be.
    """
    _require_open(offer, why)
    ctx.repo.require_committable()
    paths = _chosen(ctx, offer, only)
    since = _base(ctx, offer)
    name = f"candidate {offer.candidate.short}"
    files = combine(ctx.repo, since, offer.candidate.commit, paths, what=name)
    if not files:
        if not only:
            settle(ctx.repo, offer.candidate.id, "accepted")
        raise NotApproved(
            f"nothing would change: what {name} says is in the last commit already.",
            hint="`bookiter history` shows how it came there.",
        )
    intent = offer.record.whole_intent()
    histories = [ctx.book.history_path(target.level) for target in intent.targets if target.path in files.paths]
    require_clean_paths(ctx, [*files.paths, *histories])
    require_places(ctx.book.root, files.paths)
    change = files.change()
    verdict = offer.record.verdict
    if change.fingerprint() != verdict.change:
        _require_sound(ctx, offer, change, why)
    summary = replace(
        summarise(intent, verdict, offer.record.attempts, change, measure(change)), semantic=offer.record.semantic
    )
    origin = Origin(
        id=ctx.run.id if only else offer.candidate.id,
        road=offer.record.road,
        author=offer.record.author,
        candidate=offer.candidate.id,
        partial=bool(only),
        settles=_settles(ctx, offer, paths),
        overruled="" if verdict.approved else why,
        turns=_open_turns(ctx, offer),
    )
    commit, subject = commit_change(ctx, intent, summary, origin, files)
    return Accepted(commit, subject, summary, files.removed, origin)


def _require_open(offer: Offer, why: str) -> None:
    candidate, verdict = offer.candidate, offer.record.verdict
    if candidate.state == "accepted":
        raise NotApproved(
            f"candidate {candidate.short} has been accepted already.", hint="`bookiter history` shows its commit."
        )
    if candidate.state == "rejected" and not why:
        raise NotApproved(
            f"candidate {candidate.short} was turned down.",
            hint='If you have changed your mind, say why: --accept-rejected "…".',
        )
    if not verdict.approved and not why:
        raise NotApproved(
            f"candidate {candidate.short} was not approved: {one_line(verdict.reasoning, 300)}",
            hint='You may overrule the judge: --accept-rejected "why".',
        )


def _paths(ctx: Context, offer: Offer) -> list[str]:
    """Return the files that differ from where the candidate's line of work began."""
    full = changed_paths(ctx.repo, _base(ctx, offer), offer.candidate.commit)
    return [path for path in (ctx.repo.own(each) for each in full) if path is not None]


def _chosen(ctx: Context, offer: Offer, only: Sequence[str]) -> list[str]:
    every = _paths(ctx, offer)
    strange = [path for path in every if path not in ctx.book.paths and path not in offer.record.culled]
    if strange and (ctx.book.root / strange[0]).exists():
        raise NotReady(
            f"{strange[0]} is not a part of this manuscript any more.",
            hint="`bookiter status` shows what belongs to it.",
            details={"path": strange[0]},
        )
    for path in only:
        if path not in every:
            raise InvalidInput(
                f"candidate {offer.candidate.short} does not change {path}.", hint=f"It changes {', '.join(every[:5])}."
            )
    return [path for path in every if not only or path in only]


def _line(ctx: Context, offer: Offer) -> list[Candidate]:
    """Return the candidates this one was made from, nearest first."""
    known = {candidate.id: candidate for candidate in listed(ctx.repo)}
    found: list[Candidate] = []
    name = offer.candidate.parent
    while name in known and known[name] not in found:
        found.append(known[name])
        name = known[name].parent
    return found


def _base(ctx: Context, offer: Offer) -> str:
    """Return what the candidate's change is counted from: the nearest ancestor that is on the branch."""
    line = _line(ctx, offer)
    accepted = next((candidate.commit for candidate in line if candidate.state == "accepted"), None)
    base = accepted or (offer.record.base if offer.record.parent else offer.made_from)
    if not ctx.repo.has_commit(base):
        raise NotReady(
            f"the commit that candidate {offer.candidate.short} was made from is gone.",
            hint="In a shallow clone, `git fetch --unshallow` may bring it back; else iterate anew.",
            details={"candidate": offer.candidate.id, "base": base},
        )
    return base


def _open_turns(ctx: Context, offer: Offer) -> tuple[str, ...]:
    """Return what was asked in the turns before that come onto the branch with this one."""
    ahead = list(takewhile(lambda candidate: candidate.state != "accepted", _line(ctx, offer)))
    return tuple(offer.record.turns[-len(ahead) :]) if ahead else ()


def _settles(ctx: Context, offer: Offer, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the candidates that count as accepted once these files are: none while another file has something left."""
    rest = [path for path in _paths(ctx, offer) if path not in paths]
    try:
        left = bool(rest and combine(ctx.repo, _base(ctx, offer), offer.candidate.commit, rest, what="the rest"))
    except NotReady:  # what conflicts is left
        left = True
    return () if left else tuple(candidate.id for candidate in (offer.candidate, *_line(ctx, offer)))


def _require_sound(ctx: Context, offer: Offer, change: Change, why: str) -> None:
    """What is to be committed is not what was judged: let code look at it once more."""
    findings = check(ctx.book, offer.record.whole_intent(), change)
    hard = [finding for finding in findings if finding.check in ("locked", "scope", "emptied")]
    if hard or (findings and not why):
        worst = (hard or list(findings))[0]
        raise NotApproved(
            f"on the branch as it is now the change fails a check: {worst.path}: {worst.message}.",
            hint="Iterate anew from the text as it is now.",
            details={"findings": [finding.model_dump() for finding in findings]},
        )
