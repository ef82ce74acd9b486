"""How a run's events are told on standard error: plain lines, or with a spinner where there is a terminal."""

import os
from typing import Any

from bookiter.cli.console import Console
from bookiter.stages import events
from bookiter.stages.documents import Intent, Verdict
from bookiter.text import one_line, plural

_REASON = 200


class Progress:
    """Tells each event as it comes; a context manager that takes the spinner down whatever happens."""

    def __init__(self, console: Console, *, verbose: bool = False) -> None:
        self._console = console
        self._verbose = verbose
        self._spinner: Any = None
        self._heading = ""
        self._animated = console.interactive and not console.quiet and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def report(self, event: events.Event) -> None:  # noqa: PLR0912 - a table: one line or two for each kind of event
        """Tell one event."""
        match event:
            case events.Analysing():
                self._start("Analyzing feedback...")
            case events.IntentFound(intent, target):
                self._done(f"Intent: {_intent(intent, target)} (confidence: {intent.confidence:.2f})")
                if self._verbose and intent.reasoning:
                    self._line(f"     {one_line(intent.reasoning, 300)}")
            case events.ScaleFound(intent):
                self._done(f"Scale: {intent.scale} ({one_line(intent.scale_reasoning, 120)})")
            case events.Proposing(attempt, road, target):
                self._start(_proposing(attempt, road, target))
            case events.Writing(words):
                self._spin(f"{self._heading} {words:,} words so far")
            case events.Proposed(added, removed, share, files, beyond):
                over = f" in {files} files" if files > 1 else ""
                self._done(f"Diff created: +{added} lines, -{removed} lines{over} ({share:.1%} of the words)")
                if beyond:
                    self._warn("That is more than a patch usually changes; look at it closely.")
            case events.Unplaced(reason, falling_back):
                self._warn(f"The patch does not fit: {one_line(reason, _REASON)}")
                self._line(
                    "     "
                    + ("Regenerating the whole part instead." if falling_back else "Asking again with the reason.")
                )
            case events.Checked(findings, scope):
                if scope is not None:
                    (self._fail if scope.words_outside else self._done)(f"Scope: {scope.line()}")
                for finding in findings:
                    self._fail(f"Check failed: {finding.message}" + (f" ({finding.path})" if finding.path else ""))
            case events.Judging():
                self._start("Judging...")
            case events.Judged(verdict):
                self._verdict(verdict)
            case events.Summarising():
                self._start("Telling what changed...")
            case events.Applied(target, files):
                self._start("Applying changes...")
                self._done(f"{target[:1].upper()}{target[1:]} updated ({plural(files, 'file')})")
            case events.Committed(commit, subject):
                self._done(f'Git commit {commit[:9]}: "{subject}"')
            case events.Note(text):
                self._line(f"   {self._mark('•', 'cyan')} {text}")

    def rest(self) -> None:
        """Take the spinner down, so that something else can be shown or asked."""
        if self._spinner is not None:
            self._spinner.stop()
            self._spinner = None

    def _verdict(self, verdict: Verdict) -> None:
        if verdict.by == "checks":
            return
        if verdict.approved:
            self._done(f"Verdict: approved. {one_line(verdict.reasoning, 300)}")
            return
        self._fail(f"Verdict: needs revision. {one_line(verdict.reasoning, 300)}")
        for issue in verdict.specific_issues[:5]:
            self._line(f"     - {one_line(issue, 200)}")

    def _start(self, heading: str) -> None:
        if heading != self._heading:
            self._line(self._mark(heading, "bold"))
        self._heading = heading
        self._spin(heading)

    def _spin(self, text: str) -> None:
        if not self._animated:
            return
        if self._spinner is None:
            from rich.console import Console as RichConsole
            from rich.status import Status

            self._spinner = Status("", console=RichConsole(stderr=True, highlight=False), spinner="dots")
            self._spinner.start()
        from rich.text import Text

        self._spinner.update(Text(text))

    def _done(self, text: str) -> None:
        self._line(f"   {self._mark('✓', 'green')} {text}")

    def _fail(self, text: str) -> None:
        self._line(f"   {self._mark('✗', 'red')} {text}")

    def _warn(self, text: str) -> None:
        self._line(f"   {self._mark('!', 'yellow')} {text}")

    def _line(self, text: str) -> None:
        self.rest()
        self._console.say(text)

    def _mark(self, text: str, style: str) -> str:
        return self._console.paint(text, style)


def _intent(intent: Intent, target: str) -> str:
    return f"{intent.intent_type} {target}, {intent.subject or intent.action.replace('_', ' ')}"


def _proposing(attempt: int, road: str, target: str) -> str:
    if road == "builtin":
        return "Making the exact edit..."
    again = f" (attempt {attempt})" if attempt > 1 else ""
    doing = "Writing" if road == "regenerate" else "Generating changes to"
    return f"{doing} {target}...{again}"
