"""Write down every answer of a run, so that the run can be played back without a network."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bookiter.llm.interface import Model, OnText, Reply, Request, forget, request_digest


@dataclass(frozen=True)
class RecordingModel:
    """Pass requests on to ``model`` and append one JSON line for each answer to the file ``calls``.

    A line holds stage, request (its digest), model, text and usage; never a key, an address or the prompt.
    """

    model: Model
    calls: Path

    def model_for(self, stage: str) -> str:
        """Name the model that answers this stage."""
        return self.model.model_for(stage)

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Answer, and write the answer down before returning it. Raises what the model raises, and OSError."""
        reply = self.model.complete(request, on_text)
        line = json.dumps(
            {
                "stage": request.stage,
                "request": request_digest(request),
                "model": reply.model,
                "text": reply.text,
                "usage": asdict(reply.usage),
            },
            ensure_ascii=False,
        )
        self.calls.parent.mkdir(parents=True, exist_ok=True)
        with self.calls.open("ab") as file:  # one write, so that a kill leaves whole lines
            file.write(line.encode("utf-8") + b"\n")
        return reply

    def forget(self, request: Request) -> None:
        """Drop any kept answer further in; what was recorded stays recorded."""
        forget(self.model, request)
