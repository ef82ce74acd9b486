"""Refusals as values: what was looked for, why it was not done, and what the text has instead."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bookiter.errors import Refused

Status = Literal["refused", "already_applied", "nothing_found"]
Reason = Literal[
    "not_found",
    "several_places",
    "already_applied",
    "part_of_line",
    "no_anchor",
    "contradiction",
    "overlap",
    "unclear",
    "elided",
    "cut_off",
    "unsafe",
    "other_file",
    "no_diff",
    "too_big",
]


@dataclass(frozen=True)
class Finding:
    """Why one hunk (or, with ``hunk`` 0, the reply as a whole) cannot be applied. Lines and columns are 1-based."""

    hunk: int
    reason: Reason
    message: str
    wanted: str = ""
    nearest: str = ""
    line: int = 0
    column: int = 0
    places: tuple[int, ...] = ()
    path: str = ""

    def explain(self) -> str:
        """Say it in a few lines that a model or a person can act on."""
        head = f"hunk {self.hunk}: {self.message}" if self.hunk else self.message
        parts = [f"{self.path}: {head}" if self.path else head]
        if self.wanted:
            parts.append(f"  looked for: {clip(self.wanted, self.column)}")
        if self.nearest:
            at = f"line {self.line}" + (f", first difference at column {self.column}" if self.column else "")
            parts.append(f"  nearest, {at}: {clip(self.nearest, self.column)}")
        if self.places:
            listed = ", ".join(str(place) for place in self.places)
            parts.append(f"  it stands at lines {listed}: quote more of the lines around the one that is meant")
        return "\n".join(parts)


class PatchRefused(Refused):
    """The patch cannot be applied exactly, so nothing was changed; ``findings`` says why, hunk by hunk."""

    code = "patch_refused"

    def __init__(self, findings: Sequence[Finding], *, status: Status = "refused", hint: str = "") -> None:
        self.findings = tuple(findings)
        self.status: Status = status
        message = self.findings[0].explain().split("\n")[0] if self.findings else "the patch was refused"
        if len(self.findings) > 1:
            message += f" (and {len(self.findings) - 1} more)"
        details: dict[str, Any] = {"status": status, "findings": [asdict(finding) for finding in self.findings]}
        super().__init__(message, hint=hint or _HINTS[status], details=details)

    def explanation(self, *, limit: int = 4000) -> str:
        """The text to send back to the model: every hunk that failed, at most ``limit`` characters."""
        said: list[str] = []
        left = limit
        for finding in self.findings:
            part = finding.explain()
            if len(part) > left:
                said.append(f"(and {len(self.findings) - len(said)} more)")
                break
            said.append(part)
            left -= len(part) + 1
        return "\n".join(said)


_HINTS: dict[Status, str] = {
    "refused": "quote the lines exactly as the file has them, with the lines above and below",
    "already_applied": "the text already reads as the patch wants it; there is nothing to do",
    "nothing_found": "reply with a unified diff",
}


def refuse(reason: Reason, message: str, *, status: Status = "refused", path: str = "") -> PatchRefused:
    """A refusal of the reply as a whole."""
    return PatchRefused([Finding(0, reason, message, path=path)], status=status)


def clip(text: str, column: int = 0, width: int = 160) -> str:
    """One printable line of at most about ``width`` characters, around ``column`` (1-based) when that is given."""
    flat = text.replace("\r", "").replace("\n", " / ")
    start = max(0, column - 1 - width // 2) if len(flat) > width else 0
    piece = flat[start : start + width]
    return ("…" if start else "") + piece + ("…" if start + width < len(flat) else "")
