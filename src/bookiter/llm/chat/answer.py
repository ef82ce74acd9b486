"""Reading what came, and deciding whether it is a finished text.

Everything here fails closed: an answer is used only when the server said that it ended by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bookiter.llm.chat.problem import AttemptError, Problem

FINISHED = frozenset({"stop", "end_turn", "eos", "eos_token", "stop_sequence"})
LENGTH = frozenset({"length", "max_tokens", "model_length"})
MAX_CHARACTERS = 16_000_000  # a server that floods is stopped before the memory is full


@dataclass
class Answer:
    """An answer as it grows, from one body or from many chunks."""

    pieces: list[str] = field(default_factory=list)
    finish: str = ""
    refusal: str = ""
    tools: bool = False
    usage: Mapping[str, Any] | None = None
    choices: bool = False
    size: int = 0
    streamed: bool = False

    @property
    def text(self) -> str:
        """The whole text; pairs of surrogates that were split between two chunks are joined."""
        joined = "".join(self.pieces)
        return joined.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

    def add(self, payload: object) -> str:
        """Take in a completion, or a chunk of one, and return the text it adds; raise AttemptError for another shape."""
        if not isinstance(payload, Mapping):
            raise AttemptError(Problem("garbage", str(payload)))
        if isinstance(payload.get("usage"), Mapping):
            self.usage = payload["usage"]
        choice = _first_choice(payload)
        if choice is None:
            return ""
        self.choices = True
        self.finish = str(choice.get("finish_reason") or "") or self.finish
        part = choice.get("message") or choice.get("delta")
        return self._add_part(part) if isinstance(part, Mapping) else ""

    def _add_part(self, part: Mapping[str, Any]) -> str:
        self.refusal += _plain(part.get("refusal"))
        self.tools = self.tools or bool(part.get("tool_calls") or part.get("function_call"))
        piece = _plain(part.get("content"))
        if piece:
            self.pieces.append(piece)
            self.size += len(piece)
        if self.size > MAX_CHARACTERS:
            raise AttemptError(Problem("garbage", f"more than {MAX_CHARACTERS} characters without an end"))
        return piece


def tokens_used(usage: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """Read the server's own count as (in, out); None when it gave none that can be believed."""
    if usage is None:
        return None
    counts = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in counts):
        return None
    return int(counts[0] or 0), int(counts[1] or 0)


def _first_choice(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    choices = payload.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        return choices[0]
    return None


def _plain(content: object) -> str:
    """Read a text that may come as a string, or as a list of parts of which only the texts count."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
