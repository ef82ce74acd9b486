"""Settings: their layers, and what is refused."""

from pathlib import Path

import pytest

from bookiter.errors import InvalidConfig
from bookiter.manuscript.config import is_loopback, load_config


def loaded(folder: Path, yaml: str, environment: dict[str, str] | None = None, flags: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    (folder / "bookiter.yaml").write_text(yaml, encoding="utf-8")
    return load_config(folder, environment or {}, flags or {})


def refusal(folder: Path, yaml: str, environment: dict[str, str] | None = None) -> InvalidConfig:
    with pytest.raises(InvalidConfig) as caught:
        loaded(folder, yaml, environment)
    return caught.value


def test_the_shipped_defaults_are_complete_and_valid() -> None:
    config = load_config(None, {}, {}).config
    assert config.confidence == 0.8
    assert list(config.levels) == ["taxonomy", "premise", "treatment", "chapters", "prose"]


def test_each_layer_overrides_the_one_before(tmp_path: Path) -> None:
    yaml = "max_attempts: 4\nconfidence: 0.7\nproject: a\n"
    found = loaded(tmp_path, yaml, {"BOOKITER_MAX_ATTEMPTS": "5", "BOOKITER_CONFIDENCE": "0.6"}, {"max_attempts": 6})
    assert (found.config.project, found.config.confidence, found.config.max_attempts) == ("a", 0.6, 6)
    sources = {setting.key: setting.source for setting in found.settings}
    assert sources["project"] == "bookiter.yaml"
    assert sources["confidence"] == "environment"
    assert sources["max_attempts"] == "flags"
    assert sources["cache"] == "default"


def test_a_nested_setting_is_named_with_two_underscores_in_the_environment(tmp_path: Path) -> None:
    assert loaded(tmp_path, "", {"BOOKITER_MODELS__DEFAULT": "some-model"}).config.model_for("judge") == "some-model"


def test_a_misspelt_key_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    error = refusal(tmp_path, "confidance: 0.9\n")
    assert error.message == "unknown setting confidance in bookiter.yaml."
    assert error.hint == "Did you mean confidence?"


def test_a_misspelt_nested_key_is_refused_with_its_path(tmp_path: Path) -> None:
    error = refusal(tmp_path, "openai: {base_ulr: x}\n")
    assert "openai.base_ulr" in error.message
    assert error.hint == "Did you mean openai.base_url?"


def test_a_misspelt_variable_is_refused_too(tmp_path: Path) -> None:
    error = refusal(tmp_path, "", {"BOOKITER_MAX_ATTEMPT": "3"})
    assert "environment" in error.message
    assert "max_attempts" in error.hint


def test_a_misspelt_field_of_an_own_level_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "levels: {notes: {folder: notes, file: '*.md'}}\n")
    assert "levels.notes.file" in error.message
    assert "files" in error.hint


@pytest.mark.parametrize(
    ("yaml", "key"),
    [
        ("confidence: high\n", "confidence"),
        ("confidence: 1.5\n", "confidence"),
        ("max_attempts: 2.5\n", "max_attempts"),
        ("max_attempts: '3'\n", "max_attempts"),
        ("models: gpt\n", "models"),
        ("levels: {prose: {folder: /etc}}\n", "levels.prose.folder"),
        ("levels: {prose: {folder: ../other}}\n", "levels.prose.folder"),
        ("levels: {prose: {folder: .git}}\n", "levels.prose.folder"),
        ("levels: {prose: {folder: a, files: '../*.md'}}\n", "levels.prose.files"),
        ("openai: {base_url: 'file:///etc/passwd'}\n", "openai.base_url"),
        ("openai: {api_key_env: 'sk-abc def'}\n", "openai.api_key_env"),
        ("provider: gpt\n", "provider"),
        ("checkers: [{name: vale, command: [vale]}]\n", "checkers.0.command"),
        ("checkers: [{name: vale, command: ['{file}']}]\n", "checkers.0.command"),
        ("checkers: [{name: vale, command: []}]\n", "checkers.0.command"),
        ("checkers: [{name: vale, command: vale}]\n", "checkers.0.command"),
        ("checkers: [{name: \"a\\nb\", command: [vale, '{file}']}]\n", "checkers.0.name"),
        ("checkers: [{name: vale, command: [vale, '{file}'], parse: xml}]\n", "checkers.0.parse"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key_and_source(tmp_path: Path, yaml: str, key: str) -> None:
    error = refusal(tmp_path, yaml)
    assert f"the setting {key} in bookiter.yaml is wrong" in error.message


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a: 1\na: 2\n", "stands twice"),
        (b"- a\n- b\n", "must hold settings"),
        (b"a: [1\n", "not valid YAML"),
        (b"project: \xff\xfe\n", "not UTF-8"),
        (b"project: !!python/object/apply:os.system ['true']\n", "not valid YAML"),
        (b"1: 2\n", "is not text"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "bookiter.yaml").write_bytes(data)
    with pytest.raises(InvalidConfig) as caught:
        load_config(tmp_path, {}, {})
    assert reason in caught.value.message


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").config == load_config(None, {}, {}).config


def test_where_the_key_goes_is_guarded_unless_it_stays_on_this_machine(tmp_path: Path) -> None:
    remote = loaded(tmp_path, "openai: {base_url: 'https://models.example.org/v1'}\n")
    assert [setting.key for setting in remote.guarded] == ["openai.base_url"]
    assert loaded(tmp_path, "openai: {base_url: 'http://127.0.0.1:11434/v1'}\n").guarded == ()
    assert [s.key for s in loaded(tmp_path, "openai: {api_key_env: OTHER_KEY}\n").guarded] == ["openai.api_key_env"]
    # The author's own environment needs nobody's consent.
    assert loaded(tmp_path, "", {"BOOKITER_OPENAI__BASE_URL": "https://models.example.org/v1"}).guarded == ()


def test_a_misspelt_field_of_a_checker_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "checkers: [{name: vale, command: [vale, '{file}'], second: 5}]\n")
    assert error.message == "unknown setting checkers.0.second in bookiter.yaml."
    assert error.hint == "Did you mean checkers.0.seconds?"


def test_commands_are_guarded_unless_the_author_names_them_outside_the_repository(tmp_path: Path) -> None:
    named = "[{name: vale, command: [vale, '{file}']}]"
    assert [setting.key for setting in loaded(tmp_path, f"checkers: {named}\n").guarded] == ["checkers"]
    assert loaded(tmp_path, "checkers: []\n").guarded == ()
    assert loaded(tmp_path, "", {"BOOKITER_CHECKERS": named}).guarded == ()


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://127.0.0.1.evil.example/v1", False),
        ("http://localhost.evil.example/v1", False),
        ("http://127.0.0.1@evil.example/v1", False),
        ("https://10.0.0.5/v1", False),
    ],
)
def test_only_this_machine_counts_as_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) is local
