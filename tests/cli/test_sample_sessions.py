"""The three sample sessions of the requirements, replayed at a terminal on the sample story with a scripted model."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bookiter.resources import sample_folder
from support.book import bookiter, git
from support.model_replies import json_object
from support.scripted import intent, model, verdict
from support.terminal import code_of, plain, terminal

BEATS_3, BEATS_7 = "chapter-beats/chapter-03.md", "chapter-beats/chapter-07.md"
TREATMENT, ENDING = "treatment/treatment.md", "chapters/chapter-08.md"
CONTINUE = r"Continue with the judge's feedback\? \(yes/no/view\): "
ACCEPT = r"Accept this change\? \(yes/no/diff/edit/keep\): "
CULL = r"\(cull/keep/cancel\): "


@pytest.fixture
def story(tmp_path: Path) -> Path:
    place = tmp_path / "story"
    assert bookiter("init", "--sample", str(place), "--quiet", cwd=tmp_path).code == 0
    return place


def told(what: str, path: str, magnitude: str = "major") -> Any:
    """A semantic diff that says one thing."""
    change = {"magnitude": magnitude, "path": path, "what": what, "before": "as it was", "after": what, "details": []}
    return json_object(
        {
            "foundation": [],
            "changes": [change],
            "impact": {"arc": "Harder earned.", "tone": "Darker.", "consistency": "Kept."},
            "why": "It gives the chapter a low point.",
            "risks": [],
        }
    )


def changed(path: str, old: str, new: str) -> str:
    """A model's diff that replaces one line of the sample."""
    text = (sample_folder() / path).read_text("utf-8")
    line = next(line for line in text.splitlines() if old in line)
    return f"--- a/{path}\n+++ b/{path}\n@@ ... @@\n-{line}\n+{line.replace(old, new)}\n"


def beats(number: str, what: str) -> Any:
    return intent(target_type="chapters", target_id=number, action="change_tone", description=what)


def entries(story: Path, folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((story / folder / "iteration_history.json").read_text("utf-8"))[
        "iterations"
    ]
    return found


def test_session_1_a_judged_change_of_chapter_beats_with_the_prose_culled(story: Path) -> None:
    lines = [
        changed(BEATS_3, "and nothing odd", "and a column torn out"),
        changed(
            BEATS_3, "and nothing odd", "and her own name where a column was torn out; she shuts the book and is sick"
        ),
        changed(BEATS_7, "He remarks on the grease", "He remarks on the grease, and she cannot look at the torn book"),
    ]
    prose = sorted(path.name for path in (story / "chapters").glob("*.md"))
    with model(
        intent=[beats("3", "Darken chapter 3."), beats("7", "Let chapter 7 reflect it.")],
        diff=lines,
        judge=[verdict(False, "Tone still optimistic.", reasoning="Tone still optimistic."), verdict(), verdict()],
        summary=[told("Chapter 3 rewritten with darker tone", BEATS_3), told("Chapter 7 shows consequences", BEATS_7)],
    ) as (server, env):
        child = terminal(story, "target", "chapters", env=env)
        assert code_of(child) == 0
        child = terminal(story, "iterate", "Make the beats of chapter 3 darker and add internal conflict", env=env)
        child.expect(CULL)
        assert "prose (1 file)" in plain(child.before)
        child.sendline("cull")
        child.expect(CONTINUE)
        assert "Tone still optimistic." in plain(child.before)
        child.sendline("yes")
        child.expect(ACCEPT)
        page = plain(child.before)
        assert "approved" in page
        assert "Chapter 3 rewritten with darker tone" in page
        assert "★" in page
        child.sendline("yes")
        assert code_of(child) == 0

        assert sorted(path.name for path in (story / "chapters").glob("*.md")) == [
            name for name in prose if name != "chapter-03.md"
        ]
        assert git(story, "show", "--name-only", "--format=").split() == [
            BEATS_3, "chapter-beats/iteration_history.json", "chapters/chapter-03.md",
        ]  # fmt: skip

        child = terminal(
            story, "iterate", "Also make the beats of chapter 7 reflect the consequences of chapter 3", env=env
        )
        child.expect(CULL)
        child.sendline("keep")
        child.expect(ACCEPT)
        assert "Chapter 7 shows consequences" in plain(child.before)
        child.sendline("yes")
        assert code_of(child) == 0
        writers = [request.prompt for request in server.requests if "You answer with a unified diff" in request.prompt]
    assert ["Tone still optimistic." in prompt for prompt in writers] == [False, True, False]
    first, second = reversed(entries(story, "chapter-beats"))
    assert (first["judge_attempts"], second["judge_attempts"]) == (2, 1)
    assert "Chapter 3 rewritten with darker tone" in first["semantic_summary"]
    status = bookiter("status", cwd=story).out
    assert "Iteration target: chapters" in status
    assert re.search(r"chapters\s+8 files .* 2 iterations", status)
    # All of it goes back, the culled chapter too.
    for _ in range(2):
        assert bookiter("undo", cwd=story).code == 0
    sample = sample_folder()
    for path in ("chapter-beats", "chapters"):
        for place in sorted((sample / path).glob("*.md")):
            assert (story / path / place.name).read_bytes() == place.read_bytes()


def test_session_2_switching_the_target_with_everything_downstream_culled(story: Path) -> None:
    line = changed(TREATMENT, "Neither has ever told anyone.", "One of them has told the factory, and was paid for it.")
    about = intent(target_type="treatment", target_id=None, action="add_subplot", description="A betrayal in act two.")
    with model(
        intent=about, diff=line, judge=verdict(), summary=told("New betrayal subplot added to Act Two", TREATMENT)
    ) as (_, env):
        assert code_of(terminal(story, "target", "treatment", env=env)) == 0
        child = terminal(story, "iterate", "Add a betrayal subplot in act 2 of the treatment", env=env)
        child.expect(CULL)
        shown = plain(child.before)
        assert "chapters (8 files)" in shown
        assert "prose (8 files)" in shown
        child.sendline("cull")
        child.expect(ACCEPT)
        assert "New betrayal subplot added to Act Two" in plain(child.before)
        child.sendline("yes")
        assert code_of(child) == 0
    assert not list((story / "chapters").glob("*.md"))
    assert not list((story / "chapter-beats").glob("*.md"))
    assert (story / "chapters/iteration_history.json").is_file()
    child = terminal(story, "target", "chapters")
    child.expect("hint")
    assert "chapters" in plain(child.before)
    assert code_of(child) == 6


def test_session_3_the_loop_with_a_person_deciding(story: Path) -> None:
    old = "leaned out of the hatch"
    lines = [
        changed(ENDING, old, f"{old} {more}") for more in ("and waited", "and did not look", "and looked at neither")
    ]
    with model(
        intent=intent(target_id="8", action="change_ending", description="Make the ending more ambiguous."),
        diff=lines,
        judge=[
            verdict(False, "Ending is still conclusive.", reasoning="Ending is still conclusive, not ambiguous."),
            verdict(False, "Her fate is too clear.", reasoning="Better, but her fate is too clear."),
            verdict(reasoning="Ambiguous ending achieved."),
        ],
        summary=told("Chapter 8 ends openly", ENDING),
    ) as (server, env):
        child = terminal(story, "iterate", "Make the ending of chapter 8 more ambiguous", env=env)
        child.expect(CONTINUE)
        assert "Ending is still conclusive" in plain(child.before)
        child.sendline("view")
        child.expect(CONTINUE)
        assert "and waited" in plain(child.before)
        child.sendline("yes")
        child.expect(CONTINUE)
        assert "her fate is too clear" in plain(child.before)
        child.sendline("yes")
        child.expect(ACCEPT)
        shown = plain(child.before)
        assert "Ambiguous ending achieved." in shown
        assert "3 attempts" in shown
        child.sendline("yes")
        assert code_of(child) == 0
        writers = [request.prompt for request in server.requests if "You answer with a unified diff" in request.prompt]
    assert "Ending is still conclusive." not in writers[0]
    assert "Ending is still conclusive." in writers[1]
    assert all(said in writers[2] for said in ("Ending is still conclusive.", "Her fate is too clear."))
    assert "and looked at neither" in (story / ENDING).read_text("utf-8")
    assert entries(story, "chapters")[0]["judge_attempts"] == 3
