"""What a cloned repository may not decide by itself: where the author's key is sent."""

import hashlib
import os
from pathlib import Path

from bookiter.errors import InvalidConfig
from bookiter.manuscript.config import Loaded
from bookiter.store.files import write_whole


def require_allowed(root: Path, loaded: Loaded) -> None:
    """Raise InvalidConfig when bookiter.yaml decides where the author's key goes and the author has not allowed it."""
    if not loaded.guarded or is_allowed(root, loaded):
        return
    shown = "; ".join(f"{setting.key}: {setting.value}" for setting in loaded.guarded)
    raise InvalidConfig(
        f"bookiter.yaml decides where your key is sent ({shown}), which needs your consent for this repository.",
        hint="If that is right, run `bookiter config --allow` once.",
        details={"guarded": [setting.key for setting in loaded.guarded]},
    )


def is_allowed(root: Path, loaded: Loaded) -> bool:
    """Tell whether the author has allowed exactly these settings for this folder."""
    try:
        return _consent_file(root).read_text("ascii").strip() == _consent(root, loaded)
    except (OSError, UnicodeDecodeError):
        return False


def allow(root: Path, loaded: Loaded) -> None:
    """Note that the author allows what bookiter.yaml now says; a later change of it needs a new consent."""
    place = _consent_file(root)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(place, _consent(root, loaded).encode() + b"\n")


def _consent(root: Path, loaded: Loaded) -> str:
    said = "\n".join(f"{setting.key}={setting.value}" for setting in loaded.guarded)
    return hashlib.sha256(f"{root}\n{said}".encode()).hexdigest()


def _consent_file(root: Path) -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "bookiter" / "allowed" / hashlib.sha256(str(root).encode()).hexdigest()[:32]
