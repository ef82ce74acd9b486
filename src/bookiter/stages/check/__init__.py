"""What code can decide about a change before any model is asked; each kind of damage has a file of its own.

``check`` is asked of every change, ``all_findings`` also asks the author's own checkers.
"""

from collections.abc import Iterable

from bookiter.manuscript.book import Book
from bookiter.stages.change import Change, FileChange
from bookiter.stages.check import elements, front, headings, lengths, locks, marks, names, order, paragraphs, residue
from bookiter.stages.check.request import Asked
from bookiter.stages.checkers import run_checkers
from bookiter.stages.context import Context
from bookiter.stages.documents import Finding, Intent
from bookiter.stages.pairing import pair
from bookiter.stages.scope import ScopeProof, prove_scope

__all__ = ["ScopeProof", "all_findings", "check", "prove_scope"]


def check(book: Book, intent: Intent, change: Change) -> tuple[Finding, ...]:
    """Return everything that is wrong with a change; an empty result lets it go to the judge."""
    if not change:
        return (Finding(check="no_change", message="nothing changed"),)
    inside = [finding for file in change.files for finding in _of_file(book, intent, file)]
    return (*inside, *locks.outside_target(book.config, intent, change))


def all_findings(ctx: Context, intent: Intent, change: Change) -> tuple[Finding, ...]:
    """Return what is wrong with a change by these checks and by the author's own checkers.

    A built-in edit is not shown to the author's checkers: its words are the author's own.
    """
    findings = check(ctx.book, intent, change)
    if not change or intent.editor == "builtin":
        return findings
    return (*findings, *run_checkers(ctx.book.root, ctx.checkers(), change))


def _of_file(book: Book, intent: Intent, file: FileChange) -> Iterable[Finding]:
    yield from locks.passages(file)
    if not file.after.strip():
        yield Finding(check="emptied", message="nothing is left of the text", path=file.path)
        return
    if intent.editor == "builtin":
        # The edit is proven word by word by the judge stage; what it takes out was named by the author.
        return
    asked, limits = Asked.of(intent), book.config.checks
    pairing = pair(file.before, file.after)
    yield from residue.left_behind(file, asked)
    yield from front.matter(file, asked)
    yield from headings.headings(file, asked)
    yield from elements.elements(file, asked)
    yield from paragraphs.vanished(file, pairing, asked, limits.lost_paragraphs)
    yield from paragraphs.cut_short(file, pairing, asked)
    yield from order.moved(file, pairing, asked)
    yield from order.doubled(file, asked)
    yield from lengths.band(file, asked, limits)
    yield from names.vanished(file, pairing, asked)
    yield from names.figures(file, pairing, asked)
    yield from marks.flipped(file, asked)
