"""Consent to what a repository's settings decide: for exactly that, in that folder, and for one concern at a time."""

from pathlib import Path

import pytest

from bookiter.cli.consent import Concern, allow, is_allowed, not_allowed, require_allowed
from bookiter.errors import InvalidConfig
from bookiter.manuscript.config import Loaded, load_config

SERVER = "openai: {base_url: 'https://models.example.org/v1'}\n"
COMMAND = "checkers: [{name: house, command: [tools/house, '--in={file}']}]\n"


def loaded(root: Path, yaml: str) -> Loaded:
    root.mkdir(exist_ok=True)
    (root / "bookiter.yaml").write_text(yaml, encoding="utf-8")
    return load_config(root, {}, {})


@pytest.mark.parametrize(
    ("yaml", "concern", "shown"),
    [
        (SERVER, "key", "decides where your key is sent (openai.base_url: https://models.example.org/v1)"),
        (COMMAND, "commands", "names commands to run (house: tools/house '--in={file}')"),
    ],
)
def test_without_consent_it_is_said_what_the_settings_would_decide(
    tmp_path: Path, yaml: str, concern: Concern, shown: str
) -> None:
    with pytest.raises(InvalidConfig) as caught:
        require_allowed(tmp_path, loaded(tmp_path, yaml), concern)
    assert shown in caught.value.message
    assert "bookiter config --allow" in caught.value.hint


def test_settings_that_decide_nothing_need_no_consent(tmp_path: Path) -> None:
    for concern in ("key", "commands"):
        require_allowed(tmp_path, loaded(tmp_path, "project: ferry\n"), concern)
    require_allowed(tmp_path, loaded(tmp_path, COMMAND), "key")
    require_allowed(tmp_path, loaded(tmp_path, SERVER), "commands")


def test_consent_to_one_is_none_to_the_other(tmp_path: Path) -> None:
    allow(tmp_path, loaded(tmp_path, SERVER))
    both = loaded(tmp_path, SERVER + COMMAND)
    assert not_allowed(tmp_path, both) == {"checkers": "names commands to run"}
    allow(tmp_path, both)
    assert not_allowed(tmp_path, both) == {}


@pytest.mark.parametrize(
    "change",
    [("tools/house", "tools/mouse"), ("--in=", "--out="), ("name: house", "name: home"), ("]}]", "], seconds: 5}]")],
)
def test_a_changed_command_needs_a_new_consent(tmp_path: Path, change: tuple[str, str]) -> None:
    allow(tmp_path, loaded(tmp_path, COMMAND))
    assert is_allowed(tmp_path, loaded(tmp_path, COMMAND), "commands")
    assert not is_allowed(tmp_path, loaded(tmp_path, COMMAND.replace(*change)), "commands")


def test_a_script_of_the_manuscript_is_part_of_what_was_allowed(tmp_path: Path) -> None:
    settings = loaded(tmp_path, COMMAND)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/house").write_text("#!/bin/sh\n", encoding="utf-8")
    allow(tmp_path, settings)
    assert is_allowed(tmp_path, settings, "commands")
    (tmp_path / "tools/house").write_text("#!/bin/sh\ntouch harm\n", encoding="utf-8")
    assert not is_allowed(tmp_path, settings, "commands")


def test_a_word_that_can_be_no_file_is_no_obstacle(tmp_path: Path) -> None:
    settings = loaded(tmp_path, COMMAND.replace("--in=", "x" * 5000))
    allow(tmp_path, settings)
    assert is_allowed(tmp_path, settings, "commands")


def test_another_folder_with_the_same_settings_needs_its_own_consent(tmp_path: Path) -> None:
    allow(tmp_path / "one", loaded(tmp_path / "one", COMMAND))
    assert not is_allowed(tmp_path / "two", loaded(tmp_path / "two", COMMAND), "commands")


def test_a_command_is_shown_as_it_is_whatever_it_holds(tmp_path: Path) -> None:
    hidden = r'checkers: [{name: house, command: [sh, -c, "rm x\n\u001b[8m", "{file}"]}]'
    with pytest.raises(InvalidConfig) as caught:
        require_allowed(tmp_path, loaded(tmp_path, hidden), "commands")
    assert r'"rm x\n\u001b[8m"' in caught.value.message
