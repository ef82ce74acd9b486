"""A model without a network, for tests of what is wrapped around models."""

from bookiter.errors import ModelFailed
from bookiter.llm.interface import OnText, Reply, Request, Usage


class StandIn:
    """Answer with the given texts in order, remembering every request; fail when none is left."""

    def __init__(self, *texts: str, usage: Usage | None = None, name: str = "stand-in") -> None:
        self.requests: list[Request] = []
        self.forgotten: list[Request] = []
        self._texts = list(texts)
        self._usage = usage or Usage(100, 20, 1, 0.5, 0.25)
        self._name = name

    def model_for(self, stage: str) -> str:
        return f"{self._name}-{stage}"

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        self.requests.append(request)
        if not self._texts:
            raise ModelFailed("the stand-in has no answer left")
        text = self._texts.pop(0)
        if on_text is not None:
            on_text(text)
        return Reply(text, self.model_for(request.stage), self._usage)

    def forget(self, request: Request) -> None:
        self.forgotten.append(request)
