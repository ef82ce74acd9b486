"""What the scripted model server can answer: good replies, and faults exact to the byte.

A reply is a function that is given the exchange and writes to it. ``stream`` of the exchange says whether the client
asked for server-sent events.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class Exchange(Protocol):
    """What a reply can do with one request."""

    request: dict[str, Any]
    stream: bool

    def head(self, status: int, headers: Mapping[str, str]) -> None: ...
    def send(self, data: bytes) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def reset(self) -> None: ...


Reply = Callable[[Exchange], None]
SSE = {"Content-Type": "text/event-stream"}
JSON = {"Content-Type": "application/json"}


def text(
    content: str,
    *,
    chunks: int | Sequence[str] = 3,
    usage: tuple[int, int] | None = (11, 7),
    finish: str | None = "stop",
    reasoning: str = "",
    done: bool = True,
) -> Reply:
    """Answer with a text; when streamed, in so many chunks or in the given ones. ``usage`` is (in, out) tokens."""

    def reply(exchange: Exchange) -> None:
        if not exchange.stream:
            whole(message={"role": "assistant", "content": content}, finish=finish, usage=usage)(exchange)
            return
        exchange.head(200, SSE)
        if reasoning:
            exchange.send(event(chunk({"reasoning_content": reasoning})))
        for piece in _pieces(content, chunks):
            exchange.send(event(chunk({"content": piece})))
        exchange.send(event(chunk({}, finish)))
        if usage and exchange.request.get("stream_options", {}).get("include_usage"):
            exchange.send(event({**chunk({}), "choices": [], "usage": _usage(usage)}))
        if done:
            exchange.send(b"data: [DONE]\n\n")

    return reply


def json_object(value: Any) -> Reply:
    """Answer with a value as JSON text."""
    return text(json.dumps(value, ensure_ascii=False))


def whole(*, message: Mapping[str, Any], finish: str | None = "stop", usage: tuple[int, int] | None = (11, 7)) -> Reply:
    """Answer with one message object, in one body even if a stream was asked for."""
    choice = {"index": 0, "message": dict(message), "finish_reason": finish}
    made = {"id": "scripted", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}
    return payload({**made, "usage": _usage(usage)} if usage else made)


def payload(value: Any) -> Reply:
    """Answer 200 with this JSON value as the body."""
    return body(json.dumps(value).encode(), "application/json")


def body(data: bytes, content_type: str = "application/json", status: int = 200) -> Reply:
    """Answer with exactly these bytes."""

    def reply(exchange: Exchange) -> None:
        exchange.head(status, {"Content-Type": content_type, "Content-Length": str(len(data))})
        exchange.send(data)

    return reply


def status(code: int, error: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with an error status; ``error`` is a message, or the whole JSON body."""
    message = f"scripted status {code}" if error is None else error
    content = {"error": {"message": message, "type": "scripted"}} if isinstance(message, str) else message
    data = json.dumps(content).encode()

    def reply(exchange: Exchange) -> None:
        exchange.head(code, {**JSON, "Content-Length": str(len(data)), **(headers or {})})
        exchange.send(data)

    return reply


def html(code: int = 200, page: str = "<html><body>Sign in to the library network</body></html>") -> Reply:
    """Answer with a web page, as captive portals and wrong addresses do."""
    return body(page.encode(), "text/html; charset=utf-8", code)


def hang(seconds: float = 60) -> Reply:
    """Say nothing at all, then close."""

    def reply(exchange: Exchange) -> None:
        exchange.wait(seconds)

    return reply


def drip(interval: float = 0.02) -> Reply:
    """Send bytes that never become an answer: comments in a stream, spaces in a body; for ever."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, SSE if exchange.stream else JSON)
        while True:
            exchange.send(b": still thinking\n\n" if exchange.stream else b" ")
            exchange.wait(interval)

    return reply


def endless_text(piece: str, interval: float = 0.02) -> Reply:
    """Stream the same piece for ever."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, SSE)
        while True:
            exchange.send(event(chunk({"content": piece})))
            exchange.wait(interval)

    return reply


def slow_headers(interval: float = 0.02) -> Reply:
    """Send one response header after the other, for ever."""

    def reply(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        number = 0
        while True:
            exchange.send(b"X-Slow: %d\r\n" % number)
            exchange.wait(interval)
            number += 1

    return reply


def cut_stream(*pieces: str, chunked: bool = False) -> Reply:
    """Stream these pieces, then close: quietly, or (chunked) so that the client sees the body break off."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {**SSE, "Transfer-Encoding": "chunked"} if chunked else SSE)
        for piece in pieces:
            data = event(chunk({"content": piece}))
            exchange.send(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)

    return reply


def events(*values: Any) -> Reply:
    """Stream these JSON values (bytes go out as they are) and [DONE]."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, SSE)
        for value in values:
            exchange.send(value if isinstance(value, bytes) else event(value))
        exchange.send(b"data: [DONE]\n\n")

    return reply


def short_body(content: str = "Half a") -> Reply:
    """Announce more bytes than come."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {**JSON, "Content-Length": "5000"})
        exchange.send(b'{"choices": [{"message": {"content": "' + content.encode())

    return reply


def reset() -> Reply:
    """Reset the connection instead of answering."""

    def reply(exchange: Exchange) -> None:
        exchange.reset()

    return reply


def no_choices() -> Reply:
    """Answer with a completion that has an empty list of choices."""
    return payload({"id": "scripted", "object": "chat.completion", "choices": []})


def null_content(finish: str = "stop") -> Reply:
    """Answer with a message that has no content."""
    return whole(message={"role": "assistant", "content": None}, finish=finish)


def finish(reason: str | None, content: str = "It was a dark and") -> Reply:
    """Answer with a text that ended for this reason."""
    return text(content, finish=reason)


def broken_json_body() -> Reply:
    """Answer with a body that stops in the middle of its JSON."""
    return body(b'{"choices": [{"message": {"content": "It was a da')


def redirect(location: str, code: int = 307) -> Reply:
    """Send the client elsewhere."""
    return status(code, "moved", {"Location": location})


def chunk(delta: Mapping[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    """Make one chunk of a stream."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish_reason}
    return {"id": "scripted", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}


def event(value: Any) -> bytes:
    """Write a value as one server-sent event."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def _pieces(content: str, chunks: int | Sequence[str]) -> Sequence[str]:
    if not isinstance(chunks, int):
        return chunks
    size = max(1, -(-len(content) // chunks))
    return [content[start : start + size] for start in range(0, len(content), size)]
