"""Whoever sits before the terminal: asked about the request, shown the change, asked to approve it."""

import sys
from dataclasses import dataclass

from bookiter.cli.console import Console
from bookiter.cli.progress import Progress
from bookiter.cli.redline import redline
from bookiter.stages.summarise import Summary

_PLACES = 12


@dataclass
class AtTerminal:
    """Asks on the terminal. With ``may_ask`` off (no terminal, --no-input) nothing is asked and approved changes pass."""

    console: Console
    progress: Progress
    may_ask: bool
    ask_approval: bool
    shown: bool = False

    def answer(self, questions: list[str]) -> str | None:
        """Return what the person types; None when nobody answers."""
        if not self.may_ask:
            return None
        self.progress.rest()
        for question in questions:
            self.console.talk(f"   {self.console.paint('?', 'yellow')} {question}")
        return self._ask("   Your answer (empty to stop): ") or None

    def approve(self, summary: Summary) -> bool:
        """Show what changed and ask; without asking an approved change passes."""
        self.progress.rest()
        if not (self.may_ask and self.ask_approval):
            return True
        self._show(summary)
        while True:
            reply = self._ask("Commit this change? (yes/no/diff): ").lower()
            if reply in ("y", "yes"):
                return True
            if reply in ("n", "no", "q", "quit"):
                return False
            if reply in ("d", "diff"):
                self.console.talk(summary.diff.rstrip("\n"))

    def _show(self, summary: Summary) -> None:
        self.shown = True
        # Whatever --quiet says: nobody approves what they have not seen.
        for line in ("", *redline(summary.diff, self.console.colour, _PLACES), ""):
            self.console.talk(line)

    def _ask(self, prompt: str) -> str:
        """Ask on standard error, so that standard output stays the result's. The end of input answers no."""
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            self.console.say()
            return "no" if "yes" in prompt else ""
        return line.strip()


def may_ask(no_input: bool, json_wanted: bool) -> bool:
    """Tell whether there is a person to ask: a terminal on both sides, and no flag against it."""
    if no_input or json_wanted or sys.stdin is None or sys.stderr is None:
        return False
    return sys.stdin.isatty() and sys.stderr.isatty()
