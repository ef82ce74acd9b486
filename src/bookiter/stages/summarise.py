"""What became of one attempt: the change with its figures and verdict, told in a line for the history and on a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bookiter.stages.change import Change
from bookiter.stages.documents import Intent, Verdict
from bookiter.stages.measure import Block, Facts, Measured, blocks_of
from bookiter.stages.semantic import SemanticDiff, facts_alone
from bookiter.stages.wording import Delta, marked_up
from bookiter.text import one_line, plural

_AROUND = 40


@dataclass(frozen=True)
class Summary:
    """A change told to a person; ``semantic`` is the line that history keeps, ``found`` what a model told of it, if one did."""

    intent: Intent
    verdict: Verdict
    attempts: int
    change: Change
    measured: Measured
    semantic: str
    found: SemanticDiff | None = None

    @property
    def facts(self) -> Facts:
        return self.measured.facts

    @property
    def diff(self) -> str:
        return self.measured.diff

    @property
    def page(self) -> SemanticDiff:
        """What stands on the page: what was found, else what the figures tell."""
        return self.found or facts_alone(self.intent, self.change, self.measured, self.verdict, self.attempts)

    def with_semantic(self, found: SemanticDiff) -> "Summary":
        """Return the summary with what the semantic diff found."""
        return replace(self, found=found, semantic=found.line())

    def markdown(self) -> str:
        """Return the page as Markdown."""
        return self.page.markdown()


def summarise(intent: Intent, verdict: Verdict, attempts: int, change: Change, measured: Measured) -> Summary:
    """Return the summary of a change, every figure in it counted; no model is asked."""
    facts = measured.facts
    counted = f"{plural(facts.files, 'file')}, +{facts.added_lines} −{facts.removed_lines} lines"
    semantic = f"{one_line(intent.description, 300).rstrip('.')} ({counted})."
    return Summary(intent, verdict, attempts, change, measured, semantic)


@dataclass(frozen=True)
class Place:
    """One stretch of text before and after, cut to the words around what changed."""

    path: str
    line: int
    deltas: tuple[Delta, ...]


def places(diff: str) -> Iterator[Place]:
    """Yield what changed, place by place, each with a few words around it."""
    for block in blocks_of(diff):
        yield Place(block.path, block.line, tuple(_cut(block)))


def _cut(block: Block) -> Iterator[Delta]:
    stretches = marked_up(block.removed, block.added)
    last = len(stretches) - 1
    for index, delta in enumerate(stretches):
        yield Delta(kept=_shortened(delta.kept, index == 0, index == last)) if delta.kept else delta


def _shortened(text: str, first: bool, last: bool) -> str:
    """Keep what stands next to a change: the end of what comes before it, the beginning of what follows."""
    head = "" if first else text[:_AROUND]
    tail = "" if last else text[-_AROUND:]
    return text if len(head) + len(tail) + 1 >= len(text) else f"{head}…{tail}"
