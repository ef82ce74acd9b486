"""What no iteration may change: files outside the target, locked files, locked passages."""

from collections import Counter
from collections.abc import Iterable

from bookiter.manuscript.config import Config
from bookiter.manuscript.locks import is_locked, locked_passages
from bookiter.stages.change import Change, FileChange
from bookiter.stages.documents import Finding, Intent
from bookiter.text import one_line


def outside_target(config: Config, intent: Intent, change: Change) -> Iterable[Finding]:
    """Yield the files that were not to be changed at all."""
    allowed = {target.path for target in intent.targets}
    for file in change.files:
        if file.path not in allowed:
            yield Finding(check="scope", message=f"{file.path} is outside the target", path=file.path)
        elif why := is_locked(config, file.path, file.before):
            yield Finding(check="locked", message=f"{file.path} is locked {why}", path=file.path)


def passages(file: FileChange) -> Iterable[Finding]:
    """Yield the locked passages that are not in the new text as they were, in the order they were."""
    before, after = locked_passages(file.before), locked_passages(file.after)
    left = Counter(after)
    lost = False
    for passage in before:
        if not left[passage]:
            lost = True
            yield Finding(
                check="locked", message="a locked passage was changed", path=file.path, quote=one_line(passage, 120)
            )
        left[passage] -= 1
    if not lost and [passage for passage in after if passage in set(before)] != before:
        yield Finding(check="locked", message="locked passages were moved or doubled", path=file.path)
