"""What the pipeline reports while it works; how it is worded and drawn is the command line's business."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookiter.stages.documents import Finding, Intent, Verdict

if TYPE_CHECKING:  # every command imports the events; the patch engine behind the proof need not come along
    from bookiter.stages.scope import ScopeProof


@dataclass(frozen=True)
class Analysing:
    """The feedback is being analysed."""


@dataclass(frozen=True)
class IntentFound:
    intent: Intent
    target: str


@dataclass(frozen=True)
class ScaleFound:
    intent: Intent


@dataclass(frozen=True)
class Proposing:
    """A change is being made; ``attempt`` counts from 1."""

    attempt: int
    road: str
    target: str


@dataclass(frozen=True)
class Writing:
    """The model is answering; ``words`` so far."""

    words: int


@dataclass(frozen=True)
class Proposed:
    added: int
    removed: int
    share: float
    files: int
    beyond_patch: bool


@dataclass(frozen=True)
class Unplaced:
    """The model's patch did not fit; ``falling_back`` tells whether the unit is regenerated next."""

    reason: str
    falling_back: bool


@dataclass(frozen=True)
class Checked:
    """Code has looked at the change: ``findings`` that fail it, and what it touched, in figures."""

    findings: tuple[Finding, ...]
    scope: "ScopeProof | None" = None


@dataclass(frozen=True)
class Judging:
    """The change is being judged."""


@dataclass(frozen=True)
class Judged:
    verdict: Verdict


@dataclass(frozen=True)
class Summarising:
    """A model is telling what changed."""


@dataclass(frozen=True)
class Applied:
    target: str
    files: int


@dataclass(frozen=True)
class Committed:
    commit: str
    subject: str


@dataclass(frozen=True)
class Note:
    """Something the author should know and need not act on."""

    text: str


Event = (
    Analysing | IntentFound | ScaleFound | Proposing | Writing | Proposed | Unplaced | Checked | Judging | Judged
    | Summarising | Applied | Committed | Note
)  # fmt: skip
Report = Callable[[Event], None]
