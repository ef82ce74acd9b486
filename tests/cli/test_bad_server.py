"""Model servers that are down, refuse, hang, drip, break off or talk nonsense: exit 7, and the book is as it was."""

import json
import socket
from pathlib import Path

import pytest

from support import model_replies as replies
from support.bad import state
from support.book import CHAPTERS, Ran, bookiter
from support.model_replies import Reply
from support.scripted import intent, model, settings, stages_asked, verdict

ASK = "Add a line of dialogue to chapter 3"
KEY = settings("")["OPENAI_API_KEY"]
QUICK = {"BOOKITER_OPENAI__TIMEOUT": "2", "BOOKITER_OPENAI__IDLE_TIMEOUT": "0.6", "BOOKITER_OPENAI__MAX_RETRIES": "0"}
TIDY = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -11,3 +11,5 @@
 “I read once,” said Sarah.
+
+“Then read it to me,” said Mr. Orrin.
 
 Outside, the bell for the last crossing rang twice.
"""  # noqa: W293 - a blank context line is one space


def said(ran: Ran, code: int = 7) -> str:
    """Return what was said, once it is sure to be one error with a hint, no result beside it, and no key in it."""
    assert ran.code == code, ran.out + ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert len([line for line in ran.err.splitlines() if line.startswith("error: ")]) == 1, ran.err
    assert ran.err.splitlines()[-1].startswith("hint: "), ran.err
    assert KEY not in ran.err
    return ran.err


def analyse(book: Path, env: dict[str, str], **changes: str) -> Ran:
    return bookiter("analyze-intent", ASK, cwd=book, env={**env, **QUICK, **changes})


def test_a_server_that_is_not_there(book: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    before = state(book)
    words = said(analyse(book, settings(f"http://{address}/v1")))
    assert f"{address} cannot be reached" in words
    assert "openai.base_url" in words
    assert state(book) == before


FAULTS: dict[str, tuple[Reply, str]] = {
    "401": (replies.status(401, f"Incorrect API key provided: {KEY}"), "OPENAI_API_KEY"),
    "429": (replies.status(429), "rate limit"),
    "429 for an hour": (replies.status(429, headers={"Retry-After": "3600"}), "rate limit"),
    "429 for good": (
        replies.status(429, {"error": {"message": "No credit", "code": "insufficient_quota"}}),
        "quota",
    ),
    "500": (replies.status(500), "status 500"),
    "hanging": (replies.hang(), "idle_timeout"),
    "dripping": (replies.drip(), "openai.timeout"),
    "cut body": (replies.short_body(), "broke off"),
    "html": (replies.html(), "no chat completion"),
    "no choices": (replies.no_choices(), "no chat completion"),
    "null content": (replies.null_content(), "empty answer"),
    "stopped for length": (replies.finish("length", '{"intent_type": "modify"'), "stopped for length"),
}


@pytest.mark.parametrize(("reply", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_server_is_said_as_what_it_is(book: Path, reply: Reply, words: str) -> None:
    before = state(book)
    with model(intent=[reply, reply]) as (server, env):
        ran = analyse(book, env)
    shown = said(ran)
    assert words in shown
    assert server.address in shown
    assert len(server.requests) == 1
    assert state(book) == before


def test_a_server_that_wants_a_key_and_there_is_none(book: Path) -> None:
    with model(intent=replies.status(401)) as (_, env):
        words = said(analyse(book, env, OPENAI_API_KEY=""))
    assert "none is set" in words
    assert "OPENAI_API_KEY" in words


@pytest.mark.parametrize(
    "reply",
    [replies.status(429, headers={"Retry-After": "0.1"}), replies.status(503)],
    ids=["429 with Retry-After", "503"],
)
def test_what_passes_is_waited_for(book: Path, reply: Reply) -> None:
    with model(intent=[reply, intent()]) as (server, env):
        ran = analyse(book, env, BOOKITER_OPENAI__MAX_RETRIES="1")
    assert ran.code == 0, ran.err
    assert len(server.requests) == 2


def test_retries_come_to_an_end(book: Path) -> None:
    with model(intent=[replies.status(500)] * 5) as (server, env):
        words = said(analyse(book, env, BOOKITER_OPENAI__MAX_RETRIES="1"))
    assert len(server.requests) == 2
    assert "2 tries" in words


NO_INTENTS = {
    "cut off": replies.text('{"intent_type": "modify", "confidence": 0.9, "target_type": "chap'),
    "another shape": replies.json_object({"verdict": "approved"}),
}


@pytest.mark.parametrize("reply", NO_INTENTS.values(), ids=NO_INTENTS)
def test_an_unusable_answer_is_asked_for_once_more_and_then_fails(book: Path, reply: Reply) -> None:
    before = state(book)
    with model(intent=[reply, reply, intent()]) as (server, env):
        words = said(analyse(book, env))
    assert len(server.requests) == 2
    assert "unusable answer twice" in words
    assert "That answer cannot be used" in server.requests[1].prompt
    assert state(book) == before


def test_an_unusable_answer_is_forgiven_once_and_never_cached(book: Path) -> None:
    broken = NO_INTENTS["cut off"]
    with model(intent=[broken, broken, broken, intent()]) as (server, env):
        assert analyse(book, env).code == 7
        ran = analyse(book, env)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["intent_type"] == "modify"
    assert len(server.requests) == 4


LATER = {
    "diff cut": ("diff", replies.cut_stream("--- a/chapters/chapter-03.md\n", "+++ b/chapters/")),
    "diff stopped for length": ("diff", replies.text(TIDY, finish="length")),
    "judge down": ("judge", replies.status(500)),
    "judge stopped for length": ("judge", replies.text('{"verdict": "approved"', finish="length")),
    "judge talking": ("judge", replies.text("Looks good to me, approved!")),
}


@pytest.mark.parametrize(("stage", "reply"), LATER.values(), ids=LATER)
def test_a_fault_in_a_later_stage_commits_nothing(book: Path, stage: str, reply: Reply) -> None:
    """An error of the judge is no approval; a text that broke off is no text."""
    script: dict[str, list[Reply]] = {"intent": [intent()], "diff": [replies.text(TIDY)], "judge": [verdict()]}
    script[stage] = [reply, reply]
    before = state(book)
    with model(**script) as (server, env):
        said(bookiter("iterate", ASK, cwd=book, env={**env, **QUICK}))
        asked = stages_asked(server)
    assert state(book) == before
    assert asked.index(stage) == len(set(asked)) - 1


def test_after_a_fault_the_next_run_works(book: Path) -> None:
    with model(intent=intent(), diff=[replies.hang(), replies.text(TIDY)], judge=verdict()) as (server, env):
        assert bookiter("iterate", ASK, cwd=book, env={**env, **QUICK}).code == 7
        ran = bookiter("iterate", ASK, cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert stages_asked(server) == ["intent", "diff", "diff", "judge"]
    assert (book / "chapters/chapter-03.md").read_text("utf-8") != CHAPTERS[3]


def test_the_limit_of_time_holds_for_the_whole_iteration(book: Path) -> None:
    before = state(book)
    slow = {**QUICK, "BOOKITER_LIMITS__SECONDS": "0.01", "BOOKITER_OPENAI__IDLE_TIMEOUT": "2"}
    with model(intent=intent(), diff=TIDY, judge=verdict()) as (_, env):
        ran = bookiter("iterate", ASK, cwd=book, env={**env, **slow})
    assert "limits.seconds" in said(ran, 8)
    assert state(book) == before
