"""The page an author decides by: what was asked, what changed in figures and words, and why it was approved."""

from collections.abc import Iterator
from dataclasses import dataclass

from bookiter.stages.change import Change
from bookiter.stages.documents import Intent, Verdict
from bookiter.stages.measure import Block, Delta, Facts, Measured, blocks_of, deltas
from bookiter.text import one_line, plural

_AROUND = 40


@dataclass(frozen=True)
class Summary:
    """A change told to a person; ``semantic`` is the line that history keeps."""

    intent: Intent
    verdict: Verdict
    attempts: int
    facts: Facts
    change: Change
    diff: str
    semantic: str

    def markdown(self) -> str:
        """Return the page as Markdown."""
        facts = self.facts
        lines = [
            "# Iteration summary",
            "",
            f"Feedback: {one_line(self.intent.request, 500)}",
            "",
            f"Verdict: {self.verdict.verdict} by {self.verdict.by} ({plural(self.attempts, 'attempt')})",
            "",
            f"> {one_line(self.verdict.reasoning, 1000)}",
            "",
            "## Changes",
            "",
            *(f"- {path}" for path in self.change.paths),
            "",
            f"- files: {facts.files}",
            f"- lines: +{facts.added_lines} −{facts.removed_lines}",
            f"- words: {facts.words_before:,} → {facts.words_after:,} ({facts.words_after - facts.words_before:+,})",
            f"- share of the words that changed: {facts.share:.1%}",
        ]
        return "\n".join(lines) + "\n"


def summarise(intent: Intent, verdict: Verdict, attempts: int, change: Change, measured: Measured) -> Summary:
    """Return the summary of a change, every figure in it counted from its diff."""
    facts, diff = measured.facts, measured.diff
    counted = f"{plural(facts.files, 'file')}, +{facts.added_lines} −{facts.removed_lines} lines"
    semantic = f"{one_line(intent.description, 300).rstrip('.')} ({counted})."
    return Summary(intent, verdict, attempts, facts, change, diff, semantic)


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
    stretches = deltas(block)
    last = len(stretches) - 1
    for index, delta in enumerate(stretches):
        yield Delta(kept=_shortened(delta.kept, index == 0, index == last)) if delta.kept else delta


def _shortened(text: str, first: bool, last: bool) -> str:
    """Keep what stands next to a change: the end of what comes before it, the beginning of what follows."""
    head = "" if first else text[:_AROUND]
    tail = "" if last else text[-_AROUND:]
    return text if len(head) + len(tail) + 1 >= len(text) else f"{head}…{tail}"
