"""What a cloned repository may not decide by itself: where the author's key is sent, and which commands are run."""

import contextlib
import hashlib
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from bookiter.errors import InvalidConfig
from bookiter.manuscript.config import Loaded, Setting
from bookiter.store.files import write_whole

Concern = Literal["key", "commands"]
_DECIDES: Mapping[Concern, str] = {"key": "decides where your key is sent", "commands": "names commands to run"}


def require_allowed(root: Path, loaded: Loaded, concern: Concern = "key") -> None:
    """Raise InvalidConfig when bookiter.yaml decides over key or commands and the author has not allowed it."""
    if is_allowed(root, loaded, concern):
        return
    guarded = _guarded(loaded, concern)
    shown = "; ".join(line for setting in guarded for line in shown_setting(setting))
    raise InvalidConfig(
        f"bookiter.yaml {_DECIDES[concern]} ({shown}), which needs your consent for this repository.",
        hint="If that is right, run `bookiter config --allow` once.",
        details={"guarded": [setting.key for setting in guarded]},
    )


def is_allowed(root: Path, loaded: Loaded, concern: Concern) -> bool:
    """Tell whether bookiter.yaml decides nothing there, or the author has allowed exactly that for this folder."""
    if not _guarded(loaded, concern):
        return True
    try:
        return _consent(root, loaded, concern) in _consent_file(root).read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return False


def not_allowed(root: Path, loaded: Loaded) -> dict[str, str]:
    """Return the settings that wait for consent, and what each would decide."""
    waiting = [concern for concern in _DECIDES if not is_allowed(root, loaded, concern)]
    return {setting.key: _DECIDES[concern] for concern in waiting for setting in _guarded(loaded, concern)}


def allow(root: Path, loaded: Loaded) -> None:
    """Note that the author allows what bookiter.yaml now says; a later change of it needs a new consent."""
    place = _consent_file(root)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = "".join(f"{_consent(root, loaded, concern)}\n" for concern in _DECIDES if _guarded(loaded, concern))
    write_whole(place, given.encode())


def shown_setting(setting: Setting) -> Iterator[str]:
    """Yield a guarded setting in words; each command as a shell would be given it."""
    if setting.key != "checkers":
        yield f"{setting.key}: {setting.value}"
        return
    for checker in setting.value:
        command = " ".join(shlex.quote(word) if word.isprintable() else json.dumps(word) for word in checker["command"])
        yield f"{checker['name']}: {command}"


def _guarded(loaded: Loaded, concern: Concern) -> list[Setting]:
    return [setting for setting in loaded.guarded if (setting.key == "checkers") is (concern == "commands")]


def _consent(root: Path, loaded: Loaded, concern: Concern) -> str:
    said = [f"{setting.key}={_plain(setting.value)}" for setting in _guarded(loaded, concern)]
    if concern == "commands":
        said += _scripts(root, loaded.config.model_dump()["checkers"])
    return hashlib.sha256("\n".join([str(root), *said]).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _scripts(root: Path, checkers: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the content of each file of the manuscript that a command names: with the file the command changes."""
    for word in sorted({word for checker in checkers for word in checker["command"]}):
        place = root / word
        # A word too long for a name, or a file that cannot be read, is no script either.
        with contextlib.suppress(OSError):
            if place.is_relative_to(root) and place.is_file():
                with place.open("rb") as script:
                    yield f"{word} {hashlib.file_digest(script, 'sha256').hexdigest()}"


def _consent_file(root: Path) -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "bookiter" / "allowed" / hashlib.sha256(str(root).encode()).hexdigest()[:32]
