"""The author's own checkers: real commands, of which only new findings count and none fails in silence."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bookiter.errors import NotReady
from bookiter.manuscript.config import Checker
from bookiter.stages.change import Change
from bookiter.stages.checkers import require_runnable, run_checkers
from bookiter.stages.command import MOST_BYTES

PATH = "chapters/chapter-03.md"
BEFORE = "It was very dark.\n\nNobody came.\n"
AFTER = "A line above.\n\nIt was very dark.\n\nNobody came, and it was very, very cold.\n"

# A checker of adverbs, as the three kinds print their findings.
FIND = (
    "import json, re, sys\npath = sys.argv[1]\n"
    "hits = [(n, m) for n, line in enumerate(open(path), 1) for m in re.finditer('very', line)]\n"
)
LINES = FIND + "for n, m in hits: print(f'{path}:{n}:{m.start() + 1}: weak: {m[0]} is weak')\nsys.exit(bool(hits))"
VALE = FIND + (
    "print(json.dumps({path: [{'Check': 'Book.Weak', 'Line': n, 'Span': [m.start(), m.end()], 'Match': m[0], "
    "'Message': f'{m[0]} is weak', 'Severity': 'warning'} for n, m in hits]} if hits else {}))\nsys.exit(bool(hits))"
)
TEXTLINT = FIND + (
    "print(json.dumps([{'filePath': path, 'messages': [{'ruleId': 'weak', 'message': f'{m[0]} is weak (line {n})', "
    "'line': n, 'column': 1, 'fix': {'text': ''}} for n, m in hits]}]))\nsys.exit(bool(hits))"
)
PROSELINT = FIND + (
    "print(json.dumps({'result': {'file://' + path: {'diagnostics': [{'check_path': 'weak', 'message': 'very is weak', "
    "'pos': [n, 1], 'span': [m.start(), m.end()], 'replacements': None} for n, m in hits]}}}))\nsys.exit(bool(hits))"
)
SARIF = FIND + (
    "print(json.dumps({'version': '2.1.0', 'runs': [{'results': [{'ruleId': 'weak', 'message': {'text': 'very is weak'}} "
    "for _ in hits]}]}))"
)


def checker(code: str, *more: str, **settings: Any) -> Checker:
    return Checker.model_validate(
        {"name": "house", "command": [sys.executable, "-c", code, "{file}", *more], "seconds": 20, **settings}
    )


def found(
    root: Path, code: str, *more: str, before: str = BEFORE, after: str = AFTER, path: str = PATH, **settings: Any
) -> list[str]:
    change = Change.between({path: before}, {path: after})
    return [finding.message for finding in run_checkers(root, [checker(code, *more, **settings)], change)]


def trouble(root: Path, code: str, **settings: Any) -> NotReady:
    with pytest.raises(NotReady) as caught:
        found(root, code, **settings)
    assert "house" in caught.value.message
    assert sys.executable in caught.value.hint
    assert caught.value.details["checker"] == "house"
    return caught.value


@pytest.mark.parametrize(
    ("code", "settings", "said"),
    [
        (LINES, {}, "house: weak: very is weak"),
        (VALE, {"parse": "json"}, "house: Book.Weak: very is weak"),
        (VALE, {"parse": "json", "items": "*", "message": "Message"}, "house: Book.Weak: very is weak"),
        (TEXTLINT, {"parse": "json", "items": "messages"}, "house: weak: very is weak (line 5)"),
        (TEXTLINT, {"parse": "json"}, "house: weak: very is weak (line 5)"),
        (PROSELINT, {"parse": "json"}, "house: weak: very is weak"),
        (PROSELINT, {"parse": "json", "items": "result.*.diagnostics"}, "house: weak: very is weak"),
        (SARIF, {"parse": "json"}, "house: weak: very is weak"),
        (SARIF, {"parse": "json", "items": "runs.results", "message": "message.text"}, "house: weak: very is weak"),
    ],
)
def test_only_what_the_old_text_did_not_have_counts(
    tmp_path: Path, code: str, settings: dict[str, Any], said: str
) -> None:
    assert found(tmp_path, code, **settings) == [said, said]
    assert found(tmp_path, code, after=BEFORE.replace("Nobody", "No one"), **settings) == []
    assert found(tmp_path, code, after="All clear.\n", **settings) == []


def test_a_finding_shows_the_line_it_is_about(tmp_path: Path) -> None:
    (finding, _) = run_checkers(tmp_path, [checker(LINES)], Change.between({PATH: BEFORE}, {PATH: AFTER}))
    assert finding.quote == "Nobody came, and it was very, very cold."
    assert (finding.check, finding.path) == ("house", PATH)


def test_an_exit_code_is_one_finding_unless_the_old_text_had_it_too(tmp_path: Path) -> None:
    code = "import sys\nif 'cold' in open(sys.argv[1]).read(): sys.exit('too cold at ' + sys.argv[1])"
    assert found(tmp_path, code, parse="exit") == [f"house: too cold at {PATH}"]
    assert found(tmp_path, code, parse="exit", before="cold.\n") == []


def test_lines_that_do_not_name_the_file_count_where_no_line_does(tmp_path: Path) -> None:
    words = "import re, sys\nfor w in re.findall('[a-z]{5,}', open(sys.argv[1]).read()): print(w)"
    assert found(tmp_path, words, after=BEFORE + "Nobodee came.\n") == ["house: obodee"]
    total = LINES.replace("sys.exit", "print(f'{len(hits)} problems')\nsys.exit")
    assert len(found(tmp_path, total)) == 2
    assert found(tmp_path, total, after="It was dark.\n") == []


def test_what_a_checker_says_on_standard_error_counts_if_it_names_the_file(tmp_path: Path) -> None:
    code = LINES.replace("print(f", "print('checking', file=sys.stderr); print(f").replace(
        "weak')", "weak', file=sys.stderr)"
    )
    assert len(found(tmp_path, code)) == 2


def test_a_checker_runs_in_the_manuscript_and_sees_a_copy_under_the_files_name(tmp_path: Path) -> None:
    (tmp_path / ".house.ini").write_text("weak = very", encoding="utf-8")
    code = (
        "import os, sys\nassert open('.house.ini').read() == 'weak = very'\n"
        "assert sys.argv[1].endswith('/chapters/chapter-03.md')\n"
        "assert not sys.argv[1].startswith(os.getcwd() + '/')\nassert sys.stdin.read() == ''\nprint(sys.argv[2])"
    )
    assert found(tmp_path, code, "--in={file}", before="x\n") == []


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    harm = tmp_path / "harm"
    code = "import sys\nprint(sys.argv[2])"
    assert found(tmp_path, code, f"$(touch {harm}); touch {harm}") == []
    assert not harm.exists()


def test_a_name_that_looks_like_an_option_stays_a_file(tmp_path: Path) -> None:
    assert len(found(tmp_path, LINES, path="--help.md")) == 2


def test_a_checker_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    code = (
        "import os, subprocess, sys, time\nchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)"
    )
    began = time.monotonic()
    assert "did not end within 1 seconds" in trouble(tmp_path, code, seconds=1).message
    assert time.monotonic() - began < 8
    for pid in map(int, note.read_text().split()):
        assert _is_gone(pid)


def test_a_helper_left_behind_is_not_waited_for_and_ends(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))"
    )
    began = time.monotonic()
    assert found(tmp_path, code) == []
    assert time.monotonic() - began < 8
    assert _is_gone(int(note.read_text()))


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("code", "parse", "shown"),
    [
        ("raise SystemExit('no rules found')", "json", "no rules found"),
        ("raise SystemExit('no rules found')", "line", "no rules found"),
        ("print('<html>')", "json", "no JSON"),
        ("print('[1, 2')", "json", "no JSON"),
        ("print('null')", "json", "no list of findings"),
        ("print('[' * 100_000)", "json", "no JSON"),
        ("import sys; print('{}'); sys.exit(2)", "json", "named nothing that is wrong"),
        ("import sys; sys.exit(127)", "exit", "exit code 127"),
        (f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})", "exit", "signal 9"),
        (f"print('x' * {MOST_BYTES + 10})", "line", "more than any list"),
        ("while True: print('x' * 10_000)", "line", "more than any list"),
    ],
)
def test_a_checker_that_fails_has_passed_nothing(tmp_path: Path, code: str, parse: str, shown: str) -> None:
    assert shown in trouble(tmp_path, code, parse=parse).message


@pytest.mark.parametrize("settings", [{"items": "data.errors"}, {"items": "*", "message": "Text"}])
def test_settings_that_do_not_fit_the_output_are_told(tmp_path: Path, settings: dict[str, str]) -> None:
    trouble(tmp_path, VALE, parse="json", **settings)


@pytest.mark.parametrize("program", ["no-such-checker-here", "./no/such.sh", "/no/such/checker"])
def test_a_checker_that_does_not_exist_is_told_before_anything_is_run(tmp_path: Path, program: str) -> None:
    missing = Checker(name="house", command=[program, "{file}"])
    with pytest.raises(NotReady, match="house") as caught:
        require_runnable(tmp_path, [missing])
    assert program in caught.value.message
    with pytest.raises(NotReady):
        run_checkers(tmp_path, [missing], Change.between({PATH: BEFORE}, {PATH: AFTER}))


def test_a_command_with_a_slash_is_the_manuscripts_own(tmp_path: Path) -> None:
    script = tmp_path / "tools" / "weak"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\n{LINES}\n", encoding="utf-8")
    script.chmod(0o755)
    own = Checker(name="house", command=["tools/weak", "{file}"])
    assert len(run_checkers(tmp_path, [own], Change.between({PATH: BEFORE}, {PATH: AFTER}))) == 2


def test_a_relative_entry_of_the_path_does_not_lead_into_the_manuscript(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vale").write_text("#!/bin/sh\ntouch harm\n", encoding="utf-8")
    (tmp_path / "vale").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(NotReady):
        require_runnable(tmp_path, [Checker(name="vale", command=["vale", "{file}"])])


def test_no_copy_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found(tmp_path, LINES)
    trouble(tmp_path, "raise SystemExit(3)")
    assert list(tmp_path.iterdir()) == []


def test_many_findings_are_cut(tmp_path: Path) -> None:
    assert len(found(tmp_path, LINES, after="very " * 500)) == 20
