"""What earlier attempts of a run have settled: facts that a matter of taste does not reopen.

A question of the checklist is settled when an earlier attempt's verdict called it met by words which the change had brought
in, and these words still stand in the new text. From then on

- calling it unmet counts only together with an objection of fact that quotes the text;
- an objection of style counts only when it is about words that are new: not about words the author had written before,
  nor about the very words that settled a question;
- a vote that turns the change down for nothing but such objections counts as an approval.

Where the words that settled a question are gone, nothing is settled: an attempt can lose what another one had.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bookiter.stages.ballot import Opinion
from bookiter.stages.documents import Criterion, Objection, Rubric, Verdict
from bookiter.stages.quotes import Texts, within


@dataclass(frozen=True)
class Settled:
    """What earlier verdicts settled: by a question's id the words it was met by; whether the writing was found good."""

    texts: Texts
    words: Mapping[str, str]
    quality: bool = False
    later: bool = False

    def reopened(self, opinion: Opinion, criterion: Criterion) -> bool:
        """Tell whether an opinion may call a settled question unmet."""
        return any(
            each.kind == "fact" and each.quote.strip() and each.criterion == criterion.id for each in opinion.objections
        )

    def sets_aside(self, objection: Objection) -> bool:
        """Tell whether an objection is one of style about words that had stood before."""
        quote = objection.quote
        if not self.later or objection.kind != "style" or not self.texts.in_new(quote):
            return False
        return self.texts.in_old(quote) or any(within(quote, words) for words in self.words.values())


def settled_by(earlier: Sequence[Verdict], rubric: Rubric, texts: Texts) -> Settled:
    """Return what the verdicts on earlier attempts settle about a change, judged by the same rubric."""
    words: dict[str, str] = {}
    quality = False
    same = [verdict for verdict in earlier if verdict.by == "model" and verdict.rubric == rubric.hash]
    for criterion in (criterion for verdict in same for criterion in verdict.criteria if criterion.met):
        quality = quality or criterion.id == "quality"
        quote = criterion.quote
        if criterion.kind == "request" and quote and texts.in_new(quote) and not texts.in_old(quote):
            words[criterion.id] = quote
    return Settled(texts, words, quality, bool(same))


def only_taste(opinion: Opinion, settled: Settled) -> bool:
    """Tell whether an opinion turns a change down for nothing but taste about what had stood before."""
    unmet = [criterion for criterion in opinion.criteria if not criterion.met]
    return (
        not opinion.approves
        and not opinion.dropped
        and bool(opinion.objections)
        and all(settled.sets_aside(objection) for objection in opinion.objections)
        and all(each.id in settled.words or (each.id == "quality" and settled.quality) for each in unmet)
    )


def facts_apart(opinion: Opinion, settled: Settled) -> Opinion:
    """Return an opinion in which taste makes no question of the checklist unmet, and what is settled stays so."""
    criteria = tuple(_apart(opinion, settled, criterion) for criterion in opinion.criteria)
    met = {after.id for before, after in zip(opinion.criteria, criteria, strict=True) if after.met and not before.met}
    objections = tuple(
        each.model_copy(update={"criterion": "quality"}) if each.kind == "style" and each.criterion in met else each
        for each in opinion.objections
        if not settled.sets_aside(each)
    )
    return replace(opinion, criteria=criteria, objections=objections)


def _apart(opinion: Opinion, settled: Settled, criterion: Criterion) -> Criterion:
    if criterion.met or criterion.kind == "standing":
        return criterion
    if criterion.id in settled.words and not settled.reopened(opinion, criterion):
        update = {"met": True, "note": "Settled by an earlier attempt.", "quote": settled.words[criterion.id]}
        return criterion.model_copy(update=update)
    kinds = {each.kind for each in opinion.objections if each.criterion == criterion.id}
    return criterion.model_copy(update={"met": True}) if kinds == {"style"} else criterion
