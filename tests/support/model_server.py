"""A scripted model server on this machine: chat completions, plain and streamed, and every way they can fail.

    with ModelServer(text("Good morning."), status(500)) as server:
        ... server.base_url ... server.requests[0].body["messages"]

Replies are taken in order. With ``stage_of`` (a function that names the stage of a request, say by a phrase in its
prompt) each stage has its own queue, filled by ``script_stage``; with ``handler`` a function of the request's JSON
decides, and may return None to leave it to the queues. When nothing is left the answer is a 400 that says so.
"""

import contextlib
import json
import os
import socket
import struct
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from support import model_replies
from support.model_replies import Reply

Handler = Callable[[dict[str, Any]], Reply | str | None]
JOIN_SECONDS = 5.0


@dataclass(frozen=True)
class Recorded:
    """One request as it came; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """All messages' contents, one after the other."""
        return "\n".join(str(message["content"]) for message in self.body.get("messages", []))


class ModelServer:
    """A server on a free port of 127.0.0.1, running while the context is entered."""

    def __init__(
        self,
        *replies: Reply,
        handler: Handler | None = None,
        stage_of: Callable[[dict[str, Any]], str] | None = None,
        models: tuple[str, ...] = ("scripted",),
    ) -> None:
        self.requests: list[Recorded] = []
        self.faults: list[BaseException] = []
        self.models_reply = model_replies.payload({"object": "list", "data": [{"id": name} for name in models]})
        self.closing = threading.Event()
        self._queue = deque(replies)
        self._stages: dict[str, deque[Reply]] = defaultdict(deque)
        self._handler = handler
        self._stage_of = stage_of
        self._lock = threading.Lock()
        self._http = _Server(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def address(self) -> str:
        """Host and port, as messages name them."""
        return f"127.0.0.1:{self._http.server_port}"

    @property
    def base_url(self) -> str:
        return f"http://{self.address}/v1"

    def script(self, *replies: Reply) -> None:
        """Add replies to the common queue."""
        with self._lock:
            self._queue.extend(replies)

    def script_stage(self, stage: str, *replies: Reply) -> None:
        """Add replies to the queue of one stage."""
        with self._lock:
            self._stages[stage].extend(replies)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None and self.faults:
            raise self.faults[0]

    def close(self) -> None:
        """Stop at once, waking every reply that waits."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(JOIN_SECONDS)
        self._http.join_handlers()

    def reply_to(self, recorded: Recorded) -> Reply:
        """Record a request and choose its reply."""
        with self._lock:
            self.requests.append(recorded)
        if recorded.path.endswith("/models"):
            return self.models_reply
        decided = self._handler(recorded.body) if self._handler else None
        if decided is not None:
            return model_replies.text(decided) if isinstance(decided, str) else decided
        stage = self._stage_of(recorded.body) if self._stage_of else ""
        with self._lock:
            queue = self._stages[stage] or self._queue
            return queue.popleft() if queue else model_replies.status(400, f"the script is at its end {stage}".strip())


class _Closing(Exception):
    """The server goes down, and a waiting reply with it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.owner = owner
        self._handlers: list[threading.Thread] = []

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._handlers.append(threading.current_thread())
        super().process_request_thread(request, client_address)

    def join_handlers(self) -> None:
        for thread in self._handlers:
            thread.join(JOIN_SECONDS)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Keep quiet about clients that gave up; keep anything else for the test that uses the server."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError | TimeoutError | _Closing):
            self.owner.faults.append(error)


class _Exchange(BaseHTTPRequestHandler):
    """One connection: one request and its reply."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10.0

    def do_POST(self) -> None:
        self.request_json: Any = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self._answer(self.request_json)

    def do_GET(self) -> None:
        self._answer({})

    def _answer(self, request: dict[str, Any]) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.reply_to(Recorded(self.path, headers, request))
        reply(_Wire(self, request))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        pass


class _Wire:
    """What a reply sees of the connection."""

    def __init__(self, handler: _Exchange, request: dict[str, Any]) -> None:
        self._handler = handler
        self.request = request
        self.stream = bool(request.get("stream"))

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response_only(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)

    def wait(self, seconds: float) -> None:
        if self._handler.server.owner.closing.wait(seconds):
            raise _Closing

    def reset(self) -> None:
        """Close so that the client's system reports a reset: no lingering, nothing said before."""
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            os.close(connection.detach())
