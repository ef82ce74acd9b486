"""Find the files that are shipped with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return where ``prompts`` or ``config.yaml`` lies: inside the installed package, else at the top of the checkout."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.exists() else _PACKAGE.parents[1] / name


def sample_folder() -> Path:
    """Return the folder of the sample manuscript."""
    return _PACKAGE / "sample"
