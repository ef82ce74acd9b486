"""Answers kept by the content of the request, so that a repeated stage costs nothing.

An entry is one small JSON file. An entry that is damaged, or is not what its name says, is treated as absent.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bookiter.llm.interface import Model, OnText, Reply, Request, Usage, for_stage, forget, request_digest

VERSION = 1


@dataclass(frozen=True)
class CachedModel:
    """Answer from ``folder`` where the same question was answered before, else ask ``model`` and keep the answer.

    ``namespace`` names the server and ``temperatures`` the per-stage temperatures: with the model's name, the messages
    and the schema they make the key. Only finished answers are kept, and never a key or an address.
    """

    model: Model
    folder: Path
    enabled: bool = True
    namespace: str = ""
    temperatures: Mapping[str, float] = field(default_factory=dict)

    def model_for(self, stage: str) -> str:
        """Name the model that answers this stage."""
        return self.model.model_for(stage)

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Answer from the cache, or ask; a cached reply has no usage. Raises what the model raises."""
        if not self.enabled:
            return self.model.complete(request, on_text)
        key = self._key(request)
        text = _read(self._path(key), key)
        if text is None:
            reply = self.model.complete(request, on_text)
            _keep(self._path(key), key, reply)
            return reply
        if on_text is not None:
            on_text(text)
        return Reply(text, self.model_for(request.stage), Usage(), cached=True)

    def forget(self, request: Request) -> None:
        """Drop the answer kept for this request."""
        with contextlib.suppress(OSError):
            self._path(self._key(request)).unlink(missing_ok=True)
        forget(self.model, request)

    def _key(self, request: Request) -> str:
        temperature = for_stage(self.temperatures, request.stage)
        return request_digest(request, self.model_for(request.stage), self.namespace, temperature)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def _read(path: Path, key: str) -> str | None:
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return entry["text"] if _is_sound(entry, key) else None


def _is_sound(entry: Any, key: str) -> bool:
    if not isinstance(entry, dict) or entry.get("version") != VERSION or entry.get("key") != key:
        return False
    text = entry.get("text")
    return isinstance(text, str) and text != "" and entry.get("sha256") == _digest(text)


def _keep(path: Path, key: str, reply: Reply) -> None:
    entry = {"version": VERSION, "key": key, "model": reply.model, "text": reply.text, "sha256": _digest(reply.text)}
    # A full or read-only disk costs the next run a call; it is no reason to lose this answer.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, json.dumps(entry, ensure_ascii=False, indent=1).encode("utf-8"))


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that no reader ever sees a part of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()
