"""Counting what calls use, and stopping before a limit is passed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from bookiter.errors import LimitReached
from bookiter.llm import estimate
from bookiter.llm.interface import Model, OnText, Reply, Request, Usage, forget


@dataclass
class MeteredModel:
    """Pass requests on to ``model`` while the limits allow it; None is no limit.

    ``max_tokens`` and ``max_cost`` are for all calls together, ``deadline`` is a reading of ``clock``. With ``prices``
    the cost of a request is estimated before it is sent; without, only what was spent is compared. Put it inside a
    CachedModel, so that an answer from the cache is given even when nothing is left.
    """

    model: Model
    max_tokens: int | None
    max_cost: float | None
    deadline: float | None
    clock: Callable[[], float]
    prices: estimate.Prices = field(default_factory=dict)
    _usage: dict[str, Usage] = field(default_factory=dict)
    _counting: Lock = field(default_factory=Lock)

    @property
    def usage_by_stage(self) -> dict[str, Usage]:
        """What each stage has used so far."""
        return dict(self._usage)

    @property
    def usage(self) -> Usage:
        """What all stages together have used so far."""
        return sum(self._usage.values(), Usage())

    def model_for(self, stage: str) -> str:
        """Name the model that answers this stage."""
        return self.model.model_for(stage)

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Answer and count; raise LimitReached before a call that a limit does not allow."""
        self._check_time()
        self._check_tokens(request)
        self._check_cost(request)
        reply = self.model.complete(request, on_text)
        with self._counting:  # variants are drawn at once
            self._usage[request.stage] = self._usage.get(request.stage, Usage()) + reply.usage
        return reply

    def forget(self, request: Request) -> None:
        """Drop any kept answer further in."""
        forget(self.model, request)

    def _check_time(self) -> None:
        if self.deadline is not None and self.clock() >= self.deadline:
            raise _reached("the time for this iteration is used up", "limits.seconds", {})

    def _check_tokens(self, request: Request) -> None:
        if self.max_tokens is None:
            return
        used, wanted = self.usage.tokens, estimate.request_tokens(request)
        if used >= self.max_tokens or used + wanted > self.max_tokens:
            message = f"the limit of {self.max_tokens} tokens does not allow the next call: {used} are used, "
            details: dict[str, float | None] = {"limit": self.max_tokens, "used": used, "wanted": wanted}
            raise _reached(f"{message}and the request alone has about {wanted}", "limits.tokens", details)

    def _check_cost(self, request: Request) -> None:
        if self.max_cost is None:
            return
        used = self.usage.cost
        if used is None:
            message = f"the cost limit of {self.max_cost:g} cannot be kept: a model that was used has no price"
            hint = "give every model a price in openai.prices (0 for a local one), or set limits.cost to null"
            raise LimitReached(message, hint=hint, details={"limit": self.max_cost, "used": None})
        tokens = estimate.request_tokens(request)
        wanted = estimate.cost(self.prices, self.model_for(request.stage), tokens, 0) or 0.0
        if used >= self.max_cost or used + wanted > self.max_cost:
            message = f"the cost limit of {self.max_cost:g} does not allow the next call: {used:.4f} is spent, "
            details: dict[str, float | None] = {"limit": self.max_cost, "used": used, "wanted": wanted}
            raise _reached(f"{message}and the request alone costs about {wanted:.4f}", "limits.cost", details)


def _reached(message: str, setting: str, details: dict[str, float | None]) -> LimitReached:
    return LimitReached(message, hint=f"raise {setting}", details={"setting": setting, **details})
