"""The openai provider: any server that speaks OpenAI's chat completions.

One call is: ask, and until an answer came whole, either leave out what the server refuses, or wait and ask again, all
within one deadline of wall time. ``bookiter.llm.chat`` holds the parts.
"""

import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from bookiter.errors import ModelFailed
from bookiter.llm import estimate
from bookiter.llm.chat import wire
from bookiter.llm.chat.answer import Answer, tokens_used
from bookiter.llm.chat.body import Abilities, Wanted, build_body, with_less
from bookiter.llm.chat.client import checked_key, checked_url, host_and_port, make_client
from bookiter.llm.chat.failure import Place, accepted_text, failure, is_unknown_model, time_is_up
from bookiter.llm.chat.problem import AttemptError, Problem
from bookiter.llm.chat.retry import MAX_SILENT, Pause, is_passing, pause_before
from bookiter.llm.chat.thinking import Visible
from bookiter.llm.chat.worker import Hand, TimeUpError, wait_for
from bookiter.llm.interface import OnText, Reply, Request, Usage, for_stage

if TYPE_CHECKING:
    from openai import OpenAI

STREAMED = frozenset({"diff", "regenerate", "summary"})
Result = TypeVar("Result")


@dataclass(frozen=True)
class OpenAISettings:
    """Where the server is, and how it is asked.

    ``models`` and ``temperatures`` are per stage, with an optional "default". ``timeout`` is seconds of wall time for
    one call including its retries, ``idle_timeout`` seconds without a byte. ``prices`` are (in, out) for a million
    tokens of a model. ``api_key_name`` is the variable that hints name.
    """

    base_url: str
    api_key: str | None = field(repr=False)
    models: Mapping[str, str]
    temperatures: Mapping[str, float] = field(default_factory=dict)
    max_tokens: int | None = None
    timeout: float = 300.0
    idle_timeout: float = 60.0
    max_retries: int = 4
    prices: estimate.Prices = field(default_factory=dict)
    stream_stages: frozenset[str] = STREAMED
    api_key_name: str = "OPENAI_API_KEY"


@dataclass(frozen=True)
class Clocks:
    """Where time and chance come from, so that tests need not wait."""

    monotonic: Callable[[], float] = time.monotonic
    epoch: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class OpenAIModel:
    """A model behind an OpenAI-compatible server."""

    def __init__(self, settings: OpenAISettings, clocks: Clocks | None = None) -> None:
        """Check the settings without calling anybody; raise InvalidConfig for an address or a key that cannot work."""
        self._settings = settings
        self._clocks = clocks or Clocks()
        self._url = checked_url(settings.base_url)
        self._key = checked_key(settings.api_key, settings.api_key_name)
        self._abilities: dict[str, Abilities] = {}
        self._client: OpenAI | None = None
        self._lock = threading.Lock()

    def model_for(self, stage: str) -> str:
        """Name the model of a stage; raise ModelFailed when none is configured for it."""
        name = for_stage(self._settings.models, stage)
        if not name:
            raise ModelFailed(
                f"no model is configured for the stage {stage}", hint="set models.default in bookiter.yaml"
            )
        return name

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Ask the server until it gives a finished text; raise ModelFailed."""
        model = self.model_for(request.stage)
        self._connect()  # the import must not count against the time of the call
        call = _Call(self, request, self._place(model), on_text)
        text, answer = call.run()
        return Reply(text, model, self._usage(request, answer, self._clocks.monotonic() - call.start))

    def available_models(self) -> tuple[str, ...]:
        """List the models the server offers, asking it once; raise ModelFailed."""
        place = self._place("")
        client, end = self._connect(), self._clocks.monotonic() + self._settings.timeout
        try:
            return wait_for(
                lambda _: wire.model_names(client, self._key), _ignore, lambda: end - self._clocks.monotonic()
            )
        except AttemptError as failed:
            raise failure(failed.problem, place) from None
        except TimeUpError:
            raise time_is_up(place, self._settings.timeout, None) from None

    def warm_up(self) -> None:
        """Start importing the SDK and building its client in the background, and return at once."""
        threading.Thread(target=self._connect, name="bookiter-warm-up", daemon=True).start()

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> "OpenAI":
        with self._lock:
            if self._client is None:
                self._client = make_client(self._url, self._key, self._settings.idle_timeout)
                # Not at exit: closing must never hold up a program that was interrupted.
                weakref.finalize(self, self._client.close).atexit = False
            return self._client

    def _place(self, model: str) -> Place:
        return Place(host_and_port(self._url), model, self._key, self._settings.api_key_name)

    def _usage(self, request: Request, answer: Answer, seconds: float) -> Usage:
        counted = tokens_used(answer.usage)
        sent, received = counted or (estimate.request_tokens(request), estimate.tokens(answer.text))
        price = estimate.cost(self._settings.prices, self.model_for(request.stage), sent, received)
        return Usage(sent, received, 1, seconds, price, estimated=counted is None)


class _Call:
    """One call: its deadline, and what has gone wrong so far."""

    def __init__(self, owner: OpenAIModel, request: Request, place: Place, on_text: OnText | None) -> None:
        self._owner = owner
        self._request = request
        self._place = place
        self._on_text = on_text or _ignore
        self._settings = owner._settings
        self._clocks = owner._clocks
        self.start = self._clocks.monotonic()
        self._failed: list[Problem] = []

    def run(self) -> tuple[str, Answer]:
        while True:
            abilities = self._owner._abilities.get(self._place.model, Abilities())
            body = build_body(self._request, self._wanted(), abilities)
            try:
                answer = self._attempt(body)
            except AttemptError as failed:
                self._cope(failed.problem, abilities, body)
            except TimeUpError:
                raise time_is_up(self._place, self._settings.timeout, self._last()) from None
            else:
                return accepted_text(answer, self._place), answer

    def _attempt(self, body: Mapping[str, Any]) -> Answer:
        client, key, visible = self._owner._connect(), self._place.key, Visible()

        def work(hand: Hand) -> Answer:
            return wire.send(client, body, hand, key)

        def show(piece: str) -> None:
            if shown := visible.feed(piece):
                self._on_text(shown)

        answer = wait_for(work, show, self._remaining)
        if not answer.finish or answer.finish == "error":
            raise AttemptError(Problem("cut"))
        return answer

    def _cope(self, problem: Problem, abilities: Abilities, body: Mapping[str, Any]) -> None:
        """Make the next attempt a better one, or wait for it; raise ModelFailed when there is none."""
        less = None if is_unknown_model(problem) else with_less(abilities, problem, body)
        if less is not None:
            self._owner._abilities[self._place.model] = less
            return
        self._failed.append(problem)
        tries = len(self._failed)
        silent = sum(each.kind == "silent" for each in self._failed)
        if not is_passing(problem) or tries > self._settings.max_retries or silent >= MAX_SILENT:
            raise failure(problem, self._place, tries) from None
        self._wait(problem, pause_before(tries, problem, self._clocks.epoch(), self._clocks.chance()))

    def _wait(self, problem: Problem, pause: Pause) -> None:
        left = self._remaining()
        if pause.seconds >= left:
            why = f"only {max(0.0, left):.0f} s of the {self._settings.timeout:g} s of openai.timeout are left"
            asked = f"it asks to wait {pause.seconds:.0f} s, but {why}" if pause.asked else why
            raise failure(problem, self._place, len(self._failed), asked) from None
        self._clocks.sleep(pause.seconds)

    def _remaining(self) -> float:
        return self.start + self._settings.timeout - self._clocks.monotonic()

    def _last(self) -> Problem | None:
        return self._failed[-1] if self._failed else None

    def _wanted(self) -> Wanted:
        settings, stage = self._settings, self._request.stage
        temperature = for_stage(settings.temperatures, stage)
        return Wanted(self._place.model, temperature, settings.max_tokens, stage in settings.stream_stages)


def _ignore(_: str) -> None:
    pass
