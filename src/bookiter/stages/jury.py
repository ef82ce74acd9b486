"""Votes: the same judge asked several times, old and new text in turn first, until the outcome is decided.

Whether a vote approves is worked out by code from its answers, never taken from its word alone: it must say approved, call
every question met by words that stand in the text, and raise no objection of fact. More than half of the votes must approve,
and in either order of the texts at least one: a judge that goes by the order of what it sees approves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bookiter.stages.ballot import Opinion, Seat, opinion
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Criterion, Intent, Objection, Rubric, Verdict
from bookiter.stages.evidence import fold_flat
from bookiter.stages.portions import portions_of
from bookiter.stages.quotes import Texts
from bookiter.stages.settled import facts_apart, only_taste, settled_by


@dataclass(frozen=True)
class Vote:
    """One vote on a whole change: whether it counts as an approval, and the opinion it was worked out from."""

    approved: bool
    opinion: Opinion


def deliberate(  # noqa: PLR0913, PLR0917 - all that a jury is told
    ctx: Context, intent: Intent, change: Change, diff: str, rubric: Rubric, earlier: Sequence[Verdict]
) -> Verdict:
    """Return the jury's verdict on a change. Raises what the model raises: nobody's silence is an approval."""
    texts = Texts.of(change)
    settled = settled_by(earlier, rubric, texts)
    portions = portions_of(change, diff)
    wanted = ctx.book.config.judge.votes
    votes: list[Vote] = []
    while (outcome := decided([vote.approved for vote in votes], wanted)) is None:
        seats = [Seat(len(votes), number, len(portions)) for number in range(1, len(portions) + 1)]
        pairs = zip(portions, seats, strict=True)
        whole = united([opinion(ctx, intent, rubric, portion, texts, seat) for portion, seat in pairs])
        approved = approves(whole) or only_taste(whole, settled)
        votes.append(Vote(approved, facts_apart(_explained(whole), settled)))
    return _verdict(votes, outcome, rubric)


def decided(votes: Sequence[bool], wanted: int) -> bool | None:
    """Tell how a jury of ``wanted`` votes has decided; None while the votes to come can still decide otherwise."""
    to_come = range(len(votes), wanted)
    needed = wanted // 2 + 1
    if sum(votes) + len(to_come) < needed:
        return False
    lacking = [order for order in range(min(2, wanted)) if not any(votes[order::2])]
    if any(all(place % 2 != order for place in to_come) for order in lacking):
        return False
    return True if sum(votes) >= needed else None


def approves(said: Opinion) -> bool:
    """Tell whether an opinion is an approval in every respect."""
    return (
        said.approves
        and not said.faults
        and all(criterion.met for criterion in said.criteria)
        and not any(objection.kind == "fact" for objection in said.objections)
    )


def united(opinions: Sequence[Opinion]) -> Opinion:
    """Return one opinion on a whole change from those on its portions.

    Nothing may be wrong in any portion, while a question of the checklist is met when one of them shows that it is.
    """
    if len(opinions) == 1:
        return opinions[0]
    against = [each for each in opinions if not each.approves]
    return Opinion(
        not against,
        tuple(_of_portions(column) for column in zip(*(each.criteria for each in opinions), strict=True)),
        distinct(objection for each in opinions for objection in each.objections),
        " ".join(dict.fromkeys(each.reasoning for each in against or opinions[:1])),
        opinions[0].model,
        tuple(dict.fromkeys(fault for each in opinions for fault in each.faults)),
        sum(each.dropped for each in opinions),
    )


def _of_portions(column: Sequence[Criterion]) -> Criterion:
    wanted = column[0].kind == "request"
    return next((criterion for criterion in column if criterion.met == wanted), column[0])


def _explained(said: Opinion) -> Opinion:
    """Add why an approval in words is none in fact."""
    faults = list(said.faults)
    if said.approves and not faults:
        unmet = [criterion.id for criterion in said.criteria if not criterion.met]
        if unmet:
            faults.append(f"The judge approved, but did not find everything met: {', '.join(unmet)}.")
        elif any(objection.kind == "fact" for objection in said.objections):
            faults.append("The judge approved, but objects.")
    return replace(said, faults=tuple(faults))


def distinct(objections: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return objections without those that say the same of the same words."""
    kept: dict[tuple[str, ...], Objection] = {}
    for each in objections:
        said = ("quote", fold_flat(each.quote)) if each.quote.strip() else ("problem", fold_flat(each.problem))
        kept.setdefault((each.criterion, each.kind, *said), each)
    return tuple(kept.values())


def _verdict(votes: Sequence[Vote], outcome: bool, rubric: Rubric) -> Verdict:
    counted = [vote.opinion for vote in votes if vote.approved == outcome]
    shown = counted if outcome else [vote.opinion for vote in votes]
    columns = zip(*(vote.opinion.criteria for vote in votes), strict=True)
    criteria = [_of_votes(column) for column in columns]
    objections = list(distinct(objection for each in shown for objection in each.objections))
    objections.sort(key=lambda objection: objection.kind)  # facts first
    return Verdict(
        verdict="approved" if outcome else "needs_revision",
        reasoning=_reasoning(votes, counted, outcome),
        specific_issues=[] if outcome else _issues(objections, criteria),
        suggestions=[] if outcome else list(dict.fromkeys(o.suggestion for o in objections if o.suggestion.strip())),
        by="model",
        model=counted[0].model,
        rubric=rubric.hash,
        criteria=criteria,
        objections=objections,
        votes=["approved" if vote.approved else "needs_revision" for vote in votes],
    )


def _of_votes(column: Sequence[Criterion]) -> Criterion:
    """A question is met when more than half of the votes say so."""
    met = sum(criterion.met for criterion in column) * 2 > len(column)
    return next(criterion for criterion in column if criterion.met == met)


def _reasoning(votes: Sequence[Vote], counted: Sequence[Opinion], outcome: bool) -> str:
    if outcome:
        first = counted[0]
        note = "" if first.approves else " All that was objected to is taste about words that had stood before."
        return first.reasoning + note
    said = [" ".join([*each.faults, each.reasoning]) for each in counted]
    for_it = sum(vote.approved for vote in votes)
    differ = [f"The votes differ: {for_it} of {len(votes)} approved."] if for_it else []
    return " ".join(dict.fromkeys([*differ, *said]))


def _issues(objections: Sequence[Objection], criteria: Sequence[Criterion]) -> list[str]:
    """Return what is wrong in sentences: each objection, and each unmet question that none of them is about."""
    told = {objection.criterion for objection in objections}
    unmet = [criterion for criterion in criteria if not criterion.met and criterion.id not in told]
    return [
        *(f"{o.problem} (“{o.quote}”)" if o.quote and o.quote not in o.problem else o.problem for o in objections),
        *(f"Not met: {criterion.question} {criterion.note}".rstrip() for criterion in unmet),
    ]
