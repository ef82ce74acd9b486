"""Removing what a reasoning model thought aloud before its answer.

Servers without a reasoning parser leave it in the text as ``<think>…</think>``; where the chat template itself opened
the block, only the closing tag is there. Only the beginning of a reply is looked at.
"""

import re

_BLOCK = re.compile(r"\s*<(think|thinking)>.*?</\1>(?:[ \t]*\r?\n)*", re.DOTALL)
_OPEN = re.compile(r"\s*<(?:think|thinking)>")
_TAIL = re.compile(r"</(?:think|thinking)>(?:[ \t]*\r?\n)*")
_TAGS = ("<think>", "<thinking>")


def without_thinking(text: str) -> str:
    """Return the answer alone; empty when the thinking never ended."""
    while block := _BLOCK.match(text):
        text = text[block.end() :]
    if _OPEN.match(text):
        return ""
    tail = _TAIL.search(text)
    opened = re.search(r"<(?:think|thinking)>", text)
    if tail and (not opened or opened.start() > tail.start()):
        return text[tail.end() :]
    return text


class Visible:
    """Hold back a leading block of thinking from the pieces that are shown while they come."""

    def __init__(self) -> None:
        self._held: str | None = ""

    def feed(self, piece: str) -> str:
        """Take the next piece and return what may be shown now, as text that any terminal encoding can take."""
        if self._held is None:
            return _encodable(piece)
        self._held += piece
        start = self._held.lstrip()
        if any(tag.startswith(start) for tag in _TAGS):
            return ""
        if _OPEN.match(self._held):
            rest = without_thinking(self._held)
            if not rest:
                return ""
            self._held = rest
        shown, self._held = self._held, None
        return _encodable(shown)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
