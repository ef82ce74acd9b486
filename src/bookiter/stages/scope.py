"""The proof of scope: what a change touched, counted by code in words and paragraphs."""

from dataclasses import dataclass

from bookiter.stages.change import Change
from bookiter.stages.documents import Intent, Target
from bookiter.stages.measure import measure
from bookiter.stages.pairing import pair
from bookiter.text import plural


@dataclass(frozen=True)
class ScopeProof:
    """A change in figures: words changed inside and outside the target, and what became of the paragraphs."""

    words_inside: int
    words_outside: int
    paragraphs_kept: int
    paragraphs_changed: int
    paragraphs_added: int
    paragraphs_lost: int
    target: str = ""

    def as_json(self) -> dict[str, int]:
        """Return the figures by name."""
        return {
            "words_inside": self.words_inside,
            "words_outside": self.words_outside,
            "paragraphs_kept": self.paragraphs_kept,
            "paragraphs_changed": self.paragraphs_changed,
            "paragraphs_added": self.paragraphs_added,
            "paragraphs_lost": self.paragraphs_lost,
        }

    def line(self) -> str:
        """Return the figures in one line."""
        return (
            f"{plural(self.words_inside, 'word')} changed inside {self.target or 'the target'}, "
            f"{f'{self.words_outside:,}' if self.words_outside else 'none'} outside; paragraphs: {self.paragraphs_kept:,} kept, "
            f"{self.paragraphs_changed:,} changed, {self.paragraphs_added:,} added, {self.paragraphs_lost:,} lost"
        )


def prove_scope(intent: Intent, change: Change) -> ScopeProof:
    """Count what a change touched inside and outside an intent's targets; moved paragraphs count as kept."""
    allowed = {target.path for target in intent.targets}
    inside = Change(tuple(file for file in change.files if file.path in allowed))
    outside = Change(tuple(file for file in change.files if file.path not in allowed))
    pairs = [pair(file.before, file.after) for file in change.files]
    return ScopeProof(
        words_inside=measure(inside).facts.changed_words,
        words_outside=measure(outside).facts.changed_words,
        paragraphs_kept=sum(len(each.kept) for each in pairs),
        paragraphs_changed=sum(len(each.changed) + len(each.joined) for each in pairs),
        paragraphs_added=sum(len(each.added) for each in pairs),
        paragraphs_lost=sum(len(each.lost) for each in pairs),
        target=_named(intent.targets),
    )


def _named(targets: list[Target]) -> str:
    """Return short words for the targets: ``chapter 3``, ``premise``, ``4 files``."""
    if len(targets) != 1:
        return plural(len(targets), "file") if targets else ""
    target = targets[0]
    forms = {"prose": "chapter {}", "chapters": "beats of chapter {}"}
    if target.number is None or target.level not in forms:
        return target.level if target.number in (None, 1) else f"{target.level} {target.number}"
    return forms[target.level].format(target.number)
