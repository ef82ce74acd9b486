"""What must hold for any text: round trips, benign disturbances, and nothing but a refusal for anything else."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bookiter.patch import Applied, PatchRefused, adopt, apply_files, apply_patch, read_reply, unified_diff
from patch.disturb import BENIGN, disturbed, exact, straight
from patch.prose import edits

LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r"), max_size=12)
ENDINGS = st.sampled_from(["\n", "\r\n", "\r", "\n", "\n"])
TEXTS = st.lists(
    st.tuples(LINES | st.sampled_from(["", "a", "- a", "---", "@@", "+ b"]), ENDINGS), max_size=14
).flatmap(
    lambda lines: st.booleans().map(
        lambda last: "".join(line + ending for line, ending in lines)[: None if last or not lines else -1]
    )
)


def _outcome(old: str, reply: str) -> Applied | PatchRefused:
    try:
        return apply_patch(old, reply)
    except PatchRefused as refused:
        return refused


def _leaves_out(old: str, new: str) -> bool:
    """Dots in the new text may look like text left out, which is refused by design."""
    return any(new.count(mark) > old.count(mark) for mark in ("…", "..", ". ."))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
@example("a\n" * 9, "a\n" * 4 + "b\n" + "a\n" * 5)
@example("one\rtwo\r", "one\rtwo\rthree\r")
@example("a\r\r\nb", "a\r\r\nb\n")
@example("-- a\n++ b\n", "-- c\n++ b\n")
@example("", "x")
@example("x", "")
@example("\ufeffx\n", "x\n")
@example("x\u2028y\n", "x\ny\n")
def test_the_diff_of_two_texts_turns_the_one_into_the_other(old: str, new: str) -> None:
    assume(not _leaves_out(old, new))
    diff = unified_diff("text", old, new)
    if old == new:
        assert diff == ""
        return
    result = apply_patch(old, diff)
    assert result.text == new
    assert result.diff == diff


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS)
def test_the_diff_undoes_itself(old: str, new: str) -> None:
    assume(old != new and not _leaves_out(new, old) and not _leaves_out(old, new))
    assert apply_patch(new, unified_diff("text", old, new), reverse=True).text == old


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    edits(), st.lists(st.sampled_from(sorted(BENIGN)), max_size=4, unique=True), st.integers(0, 9999), st.integers(0, 3)
)
def test_disturbances_give_the_same_text_or_a_refusal(
    texts: tuple[str, str], names: list[str], seed: int, context: int
) -> None:
    old, new = texts
    assume(old != new)
    outcome = _outcome(old, disturbed(old, new, names, seed, context))
    assert outcome.explanation() if isinstance(outcome, PatchRefused) else outcome.text == new


ALWAYS = sorted(set(BENIGN) - {"misquoted", "shortened", "lost_blanks", "rewrapped"})


@settings(max_examples=60, deadline=None)
@given(edits(), st.sampled_from(ALWAYS), st.integers(0, 9999))
def test_one_disturbance_of_form_alone_never_costs_the_change(texts: tuple[str, str], name: str, seed: int) -> None:
    old, new = texts
    assume(old != new)
    assert apply_patch(old, disturbed(old, new, [name], seed)).text == new


@settings(max_examples=40, deadline=None)
@given(edits(), st.sampled_from(["\r\n", "\r"]), st.booleans())
def test_a_file_keeps_its_endings_whatever_the_diff_has(texts: tuple[str, str], newline: str, crlf_diff: bool) -> None:
    old, new = texts
    assume(old != new)
    diff = str(exact(old, new))
    result = apply_patch(old.replace("\n", newline), diff.replace("\n", "\r\n") if crlf_diff else diff)
    assert result.text == new.replace("\n", newline)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "-", "+", "@@ ", "--- ", "+++ ", "```", "\\ ", "diff --git ", "> "]), LINES
    ).map("".join),
    max_size=12,
).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.text(max_size=60) | ROWS)
def test_anything_as_a_diff_is_applied_or_refused_and_nothing_else(old: str, reply: str) -> None:
    outcome = _outcome(old, reply)
    assert outcome.findings if isinstance(outcome, PatchRefused) else outcome.changed == (outcome.text != old)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | ROWS)
def test_reading_anything_raises_only_refusals(reply: str) -> None:
    try:
        patches = read_reply(reply)
    except PatchRefused:
        return
    assert all(patch.hunks for patch in patches)


@settings(max_examples=60, deadline=None)
@given(edits())
def test_adopting_takes_the_words_and_leaves_the_typography(texts: tuple[str, str]) -> None:
    old, new = texts
    assert adopt(old, old) == old
    assert adopt(old, straight(old)) == old
    assert adopt(old, new) == new


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_adopting_any_text_is_stable(old: str, new: str) -> None:
    adopted = adopt(old, new)
    assert adopt(old, old) == old
    assert adopt(adopted, adopted) == adopted


PAIRS = [
    ("one\ntwo\n", "one\n2\n"),
    ("one\r\ntwo\r\n", "one\r\nzwei\r\n"),
    ("one\rtwo\r", "one\r2\r"),
    ("one", "one\n"),
    ("one\n", "one"),
    ("", "new\n"),
    ("gone\n", ""),
    ("\ufeffone\ntwo\n", "\ufeffone\n2\n"),
    ("a\n" * 40, "a\n" * 20 + "b\n" + "a\n" * 20),
    ("- x\n-- y\n+ z\n", "-- y\n+ w\n"),
    ("x\u2028y\x0bz\n", "x\u2028y\x0bZ\n"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
@pytest.mark.parametrize("name", ["plain.md", "with blank.md", "ümlaut.md", 'quote".md', "tab\there.md"])
def test_git_takes_the_canonical_diff(tmp_path: Path, old: str, new: str, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(old.encode())
    diff = unified_diff(name, old, new).encode()
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=diff, check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert file.read_bytes() == new.encode()


def test_git_takes_the_diffs_of_several_files_together(tmp_path: Path) -> None:
    files = {"a/one.md": "one\ntwo\n", "b/two.md": "three\nfour"}
    reply = "--- one.md\n+++ one.md\n@@ @@\n-one\n+1\n--- two.md\n+++ two.md\n@@ @@\n-four\n+4\n"
    done = apply_files(files, reply)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(text.encode())
    diff = "".join(applied.diff for applied in done.values()).encode()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, check=True)
    assert {name: (tmp_path / name).read_text() for name in files} == {"a/one.md": "1\ntwo\n", "b/two.md": "three\n4"}
