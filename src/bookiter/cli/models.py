"""Build the model that the configuration names, wrapped in cache, meter and record."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bookiter.cli.consent import require_allowed
from bookiter.errors import ModelFailed
from bookiter.llm.interface import Model, Usage
from bookiter.manuscript.config import STAGES, Loaded
from bookiter.store.runs import Runs

if TYPE_CHECKING:
    from bookiter.llm.budget import MeteredModel
    from bookiter.llm.openai import OpenAIModel


@dataclass
class Models:
    """One command's models. Nothing is built, imported or asked for before it is needed."""

    root: Path
    loaded: Loaded
    runs: Runs
    started: float
    recorded: Path | None
    _inner: "OpenAIModel | None" = None
    _meter: "MeteredModel | None" = None
    _model: Model | None = None

    def model(self, record: Path | None) -> Model:
        """Return the model, its calls recorded in ``record``; without one (a dry run) nothing is written.

        Raises ModelFailed when none is configured, InvalidConfig when the manuscript's server needs consent.
        """
        if self._model is None:
            self._model = self._wrapped(record)
        return self._model

    def beside(self, record: Path | None) -> Model:
        """Return a model for another run of this command, under the same limits, its calls recorded in ``record``."""
        return self._wrapped(record)

    def warm_up(self) -> None:
        """Start loading the SDK in the background when a configured model is sure to be asked."""
        if self.recorded is None and self._is_configured():
            self._openai().warm_up()

    def usage_by_stage(self) -> dict[str, Usage]:
        """Return what each stage has used so far."""
        return self._meter.usage_by_stage if self._meter else {}

    def _wrapped(self, record: Path | None) -> Model:
        from bookiter.llm.budget import MeteredModel
        from bookiter.llm.cache import CachedModel
        from bookiter.llm.record import RecordingModel
        from bookiter.llm.replay import ReplayModel

        config = self.loaded.config
        limits = config.limits
        inner: Model = ReplayModel(self.recorded) if self.recorded else self._openai()
        deadline = self.started + limits.seconds if limits.seconds else None
        if self._meter is None:
            self._meter = MeteredModel(inner, limits.tokens, limits.cost, deadline, time.monotonic, self._prices())
        if record is None:
            return self._meter
        model: Model = self._meter
        if config.cache and not self.recorded:
            space = config.openai.base_url
            model = CachedModel(model, self.runs.cache_folder(), namespace=space, temperatures=self._temperatures())
        return RecordingModel(model, record)

    def _is_configured(self) -> bool:
        return all(self.loaded.config.model_for(stage) for stage in STAGES)

    def _openai(self) -> "OpenAIModel":
        if self._inner is None:
            self._inner = self._built()
        return self._inner

    def _built(self) -> "OpenAIModel":
        from bookiter.llm.openai import OpenAIModel, OpenAISettings

        config = self.loaded.config
        if not self._is_configured():
            raise _no_model([stage for stage in STAGES if not config.model_for(stage)])
        require_allowed(self.root, self.loaded)
        return OpenAIModel(
            OpenAISettings(
                base_url=config.openai.base_url,
                api_key=os.environ.get(config.openai.api_key_env) or None,
                api_key_name=config.openai.api_key_env,
                models={"default": config.models.default, **{stage: config.model_for(stage) for stage in STAGES}},
                temperatures=self._temperatures(),
                max_tokens=config.openai.max_tokens,
                timeout=config.openai.timeout,
                idle_timeout=config.openai.idle_timeout,
                max_retries=config.openai.max_retries,
                prices=self._prices(),
                # Every stage: a slow local judge that streams is not taken for one that hangs.
                stream_stages=frozenset(STAGES),
            )
        )

    def _temperatures(self) -> dict[str, float]:
        return {
            stage: value for stage, value in self.loaded.config.temperature.model_dump().items() if value is not None
        }

    def _prices(self) -> dict[str, tuple[float, float]]:
        return {name: (price.input, price.output) for name, price in self.loaded.config.openai.prices.items()}


def _no_model(missing: list[str]) -> ModelFailed:
    stages = "" if len(missing) == len(STAGES) else f" for {', '.join(missing)}"
    return ModelFailed(
        f"this request needs a model, and none is configured{stages}.",
        hint="Set one with `models: {default: NAME}` in bookiter.yaml or BOOKITER_MODELS__DEFAULT=NAME; `bookiter doctor` "
        "shows how. Without a model bookiter renames, replaces quoted words, deletes and inserts quoted passages, retitles "
        "and mends typography.",
    )
