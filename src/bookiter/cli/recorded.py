"""A run that is played back: what was said in it, besides what the model answered."""

from dataclasses import dataclass
from pathlib import Path

from bookiter.cli.inputs import read_text
from bookiter.errors import InvalidInput
from bookiter.stages.documents import Intent, Scale, read_document
from bookiter.store.runs import Runs


@dataclass(frozen=True)
class RecordedRun:
    """The folder of a run, and its intent as it was in the end."""

    folder: Path
    intent: Intent

    @property
    def provider(self) -> str:
        """What answered then: an exact edit needs no recorded answers."""
        return "builtin" if self.intent.editor == "builtin" else "replay"

    @property
    def forced(self) -> Scale | None:
        """The scale, where the author had chosen it."""
        scale = self.intent.scale
        return scale if self.intent.scale_forced and scale != "unclear" else None


def recorded_run(runs: Runs, name: str) -> RecordedRun:
    """Return a recorded run, named by its folder or its id. Raises InvalidInput when it cannot be played back."""
    folder = Path(name) if Path(name).is_dir() else runs.open(name).folder
    if folder is None or not (folder / "intent.json").is_file():
        raise InvalidInput(f"{name} is no run: it has no intent.json.", hint="Runs are the folders in .bookiter/runs.")
    return RecordedRun(folder, read_document(Intent, *read_text(str(folder / "intent.json"))))
