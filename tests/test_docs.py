"""The documents tell the same story as the program."""

import re
from pathlib import Path

import pytest
import yaml

from bookiter.errors import ExitCode
from bookiter.manuscript.config import load_config
from support import reference

ROOT = Path(__file__).parents[1]


def test_the_command_reference_is_what_the_commands_say() -> None:
    assert reference.PATH.read_text("utf-8") == reference.reference(), "run `make docs`"


def test_every_command_and_option_has_help() -> None:
    text = reference.PATH.read_text("utf-8")
    assert len(reference.commands()) == 20
    options = re.findall(r"^  (-\S.*)$", text, re.M)
    assert options
    assert [option for option in options if re.fullmatch(r"\S+(?:[ ,]+-\S+)*(?: [A-Z]+)?", option.strip())] == []


def test_the_table_of_exit_codes_is_the_programs() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs/exit-codes.md").read_text("utf-8"), re.M)
    assert [(int(code), meaning) for code, meaning in rows] == [(int(code), code.meaning) for code in ExitCode]


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), (page.name, link)


def test_every_setting_is_explained_beside_its_default() -> None:
    text = (ROOT / "config.yaml").read_text("utf-8")
    for key in load_config(None, {}, {}).config.model_dump():
        line = next(line for line in text.splitlines() if line.startswith(key + ":"))
        above = text[: text.index(line)].rstrip("\n").splitlines()[-1]
        block = text[text.index(line) :].split("\n\n")[0]
        assert "#" in line or above.startswith("#") or "#" in block, key


def test_the_built_in_requests_of_the_readme_are_understood() -> None:
    from bookiter.builtin import parse

    readme = (ROOT / "README.md").read_text("utf-8")
    requests = re.findall(r'^    bookiter iterate "([^"]+)"', readme, re.M)
    understood = {request: parse(request) is not None for request in requests}
    assert understood == {
        "rename Thirza to Keturah everywhere": True,
        "delete the sentence “It was, all things considered, a very complicated situation.” in chapter 4": True,
        "use curly quotes in chapter 6": True,
        "make the premise darker": False,
    }


@pytest.mark.parametrize("name", ["config.yaml"])
def test_the_shipped_settings_are_plain_yaml(name: str) -> None:
    assert isinstance(yaml.safe_load((ROOT / name).read_text("utf-8")), dict)
