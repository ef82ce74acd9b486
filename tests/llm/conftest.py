"""A model at a scripted server, with a clock that does not wait and chance that does not vary."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from bookiter.errors import ModelFailed
from bookiter.llm.interface import Message, Reply, Request
from bookiter.llm.openai import Clocks, OpenAIModel, OpenAISettings
from support.model_server import ModelServer

NOW = 1_800_000_000.0  # Friday, 15 January 2027, 08:00:00 UTC


@dataclass
class Bench:
    """A model, the server it talks to, and what was seen on the way."""

    server: ModelServer
    model: OpenAIModel
    pauses: list[float]
    pieces: list[str] = field(default_factory=list)

    def ask(self, stage: str = "diff", prompt: str = "Mend it.", schema: dict[str, Any] | None = None) -> Reply:
        request = Request(stage, (Message("system", "You edit."), Message("user", prompt)), schema)
        return self.model.complete(request, self.pieces.append)

    def fail(self, stage: str = "diff", schema: dict[str, Any] | None = None) -> ModelFailed:
        with pytest.raises(ModelFailed) as caught:
            self.ask(stage, schema=schema)
        return caught.value

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [recorded.body for recorded in self.server.requests]


@pytest.fixture
def start() -> Iterator[Callable[..., Bench]]:
    """Start a server with these replies and a model that asks it; the settings can be varied."""
    with ExitStack() as stack:

        def make(*replies: Any, server: ModelServer | None = None, **settings: Any) -> Bench:
            running = stack.enter_context(server or ModelServer(*replies))
            pauses: list[float] = []
            clocks = Clocks(epoch=lambda: NOW, sleep=pauses.append, chance=lambda: 0.5)
            chosen = {"base_url": running.base_url, "api_key": None, "models": {"default": "m"}, "timeout": 20.0}
            model = OpenAIModel(OpenAISettings(**{**chosen, **settings}), clocks)
            stack.callback(model.close)
            return Bench(running, model, pauses)

        yield make
