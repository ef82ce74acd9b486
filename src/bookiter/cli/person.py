"""Whoever sits before the terminal: asked about the request and every attempt, shown the change, asked to decide."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bookiter.cli.console import Console
from bookiter.cli.editor import edit_text
from bookiter.cli.progress import Progress
from bookiter.cli.redline import redline
from bookiter.errors import BookiterError
from bookiter.manuscript.units import Unit
from bookiter.stages.person import Decision, Downstream
from bookiter.stages.summarise import Summary
from bookiter.text import one_line, plural

_PLACES = 12
_YES = ("y", "yes")
_NO = ("n", "no", "q", "quit")


@dataclass
class AtTerminal:
    """Asks on the terminal. With ``may_ask`` off (no terminal, --no-input) nothing is asked and approved changes pass."""

    console: Console
    progress: Progress
    may_ask: bool
    ask_approval: bool
    show_page: Callable[[Summary], None]
    show_files: Callable[[Summary, str], None]
    shown: bool = False

    @property
    def asked(self) -> bool:
        return self.may_ask and self.ask_approval

    def answer(self, questions: list[str]) -> str | None:
        """Return what the person types; None when nobody answers."""
        if not self.may_ask:
            return None
        self.progress.rest()
        for question in questions:
            self.console.talk(f"   {self.console.paint('?', 'yellow')} {question}")
        return self._ask("   Your answer (empty to stop): ") or None

    def go_on(self, attempt: Summary, stuck: str) -> bool:
        """Ask whether to try again; the end of input is a no."""
        self.progress.rest()
        if stuck:
            self.console.talk(f"   {self.console.paint('!', 'yellow')} It may not help to go on: {stuck}.")
        while True:
            reply = self._ask("Continue with the judge's feedback? (yes/no/view): ").lower()
            if reply in _YES:
                return True
            if reply in ("v", "view", "view-partial"):
                self._places(attempt)
            elif reply in _NO or not reply:
                return False

    def downstream(self, units: Sequence[Unit]) -> Downstream:
        """Ask what becomes of what was made from the text; without anybody to ask it stays."""
        if not self.asked:
            return "keep"
        self.progress.rest()
        counted: dict[str, int] = {}
        for unit in units:
            counted[unit.level] = counted.get(unit.level, 0) + 1
        self.console.talk(f"{self.console.paint('!', 'yellow')} Made from what is going to change:")
        for level, count in counted.items():
            self.console.talk(f"   {level} ({plural(count, 'file')})")
        while True:
            reply = self._ask("Remove them in the same commit, or keep them? (cull/keep/cancel): ").lower()
            if reply in ("c", "cull", "cull-all"):
                return "cull"
            if reply in ("k", "keep", "keep-all"):
                return "keep"
            if reply in ("cancel", *_NO) or not reply:
                return "cancel"

    def choose(self, summaries: Sequence[Summary]) -> int | None:
        """Show several changes, best first, and ask for one of them."""
        self.progress.rest()
        for place, summary in enumerate(summaries, 1):
            self.console.talk(self.console.paint(f"{place}. {summary.semantic}", "bold"))
            self._places(summary)
        while True:
            reply = self._ask(f"Which one? (1-{len(summaries)}, or none): ").lower()
            if reply in (*_NO, "none") or not reply:
                return None
            if reply.isdigit() and 1 <= int(reply) <= len(summaries):
                return int(reply) - 1

    def decide(self, summary: Summary) -> Decision:
        """Show what changed and ask. Raises KeyboardInterrupt at the end of input: the candidate stays."""
        self.progress.rest()
        self.shown = True
        self.show_page(summary)
        self._places(summary)
        question = "Accept this change?" if summary.verdict.approved else "The judge did not approve. Accept it anyway?"
        while True:
            reply = self._ask(f"{question} (yes/no/diff/edit/keep): ", needed=True).lower()
            if reply in _YES:
                decision = self._yes(summary)
            elif reply in _NO:
                decision = Decision("reject", why=self._ask("Why not? (for the next time; empty for no reason): "))
            elif reply in ("e", "edit"):
                decision = self._edit(summary)
            elif reply in ("k", "keep"):
                decision = Decision("keep")
            else:
                decision = None
                self._look(summary, reply)
            if decision is not None:
                return decision

    def edit_refused(self, reason: str) -> None:
        """Say why an edited diff cannot be taken; the change stays as it was."""
        self.console.talk(f"{self.console.paint('!', 'yellow')} Your edit cannot be taken: {one_line(reason, 500)}")

    def _yes(self, summary: Summary) -> Decision | None:
        if summary.verdict.approved:
            return Decision("accept")
        why = self._ask("Why, against the judge? (goes into the history): ")
        return Decision("accept", why=why) if why else None

    def _edit(self, summary: Summary) -> Decision | None:
        try:
            edited = edit_text(summary.diff, ".diff")
        except BookiterError as error:
            self.edit_refused(error.message)
            return None
        if edited == summary.diff:
            self.console.talk("   Nothing was edited.")
            return None
        return Decision("edit", diff=edited)

    def _look(self, summary: Summary, reply: str) -> None:
        if reply in ("d", "diff"):
            if len(summary.change.files) == 1:
                self.show_files(summary, "all")
                return
            names = "/".join([path.rpartition("/")[2].rpartition(".")[0] for path in summary.change.paths][:6])
            reply = self._ask(f"Which text? ({names}/all/skip): ").lower()
            if reply and reply not in ("skip", "s"):
                self.show_files(summary, reply)

    def _places(self, summary: Summary) -> None:
        # Whatever --quiet says: nobody approves what they have not seen.
        for line in ("", *redline(summary.diff, self.console.colour, _PLACES), ""):
            self.console.talk(line)

    def _ask(self, prompt: str, *, needed: bool = False) -> str:
        """Ask on standard error, so that standard output stays the result's. The end of input is an empty answer.

        Where an answer is needed it raises KeyboardInterrupt instead.
        """
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            self.console.say()
            if needed:
                raise KeyboardInterrupt
        return line.strip()


def may_ask(no_input: bool, json_wanted: bool) -> bool:
    """Tell whether there is a person to ask: a terminal on both sides, and no flag against it."""
    if no_input or json_wanted or sys.stdin is None or sys.stderr is None:
        return False
    return sys.stdin.isatty() and sys.stderr.isatty()
