"""Every test runs in an environment of its own: no settings, keys or git configuration of whoever runs it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine makes no law false, and the same clone gives the same result; `HYPOTHESIS_PROFILE=hunt` draws anew.
_COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("bookiter", parent=_COMMON, derandomize=True)
settings.register_profile("hunt", parent=_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "bookiter"))

_IDENTITY = "[user]\n\tname = Test Author\n\temail = author@example.org\n[init]\n\tdefaultBranch = main\n"


@pytest.fixture(autouse=True)
def hermetic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(_IDENTITY, encoding="utf-8")
    for name in list(os.environ):
        if name.startswith(("GIT_", "BOOKITER_", "OPENAI_", "XDG_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "EDITOR", "VISUAL", "MAKEFLAGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm")
    # A repository around the temporary folder must not be taken for the manuscript's.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path_factory.getbasetemp()))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    place = tmp_path / "book"
    place.mkdir()
    monkeypatch.chdir(place)
    return place
