"""A model that plays its part: a loopback server scripted stage by stage, and the settings that lead to it.

What a test does not script answers itself: a checklist of three questions, "neither" to a comparison, nothing to a summary;
and one scripted ``judge`` answers every vote on an attempt, unless the test scripts ``votes`` one by one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from support.model_replies import Exchange, Reply, json_object, status, text
from support.model_server import ModelServer, Recorded

_PHRASES = {
    "intent": "what kind of request it is",
    "scale": "how a change to a book manuscript is best made",
    "diff": "You answer with a unified diff",
    "regenerate": "You rewrite one part",
    "checklist": "You draw up the checklist",
    "judge": "You judge whether a change",
    "compare": "You compare two versions",
    "summary": "You tell an author what changed",
}
STANDING = ("feedback", "history", "quality", "scope", "upstream")
QUESTIONS = ("Is what was asked for there?", "Is it where it was wanted?", "Is it what was meant?")


def stage_of(request: dict[str, Any]) -> str:
    system = str(request["messages"][0]["content"])
    return next(stage for stage, phrase in _PHRASES.items() if phrase in system)


def intent(**changes: Any) -> Reply:
    """An intent about chapter 3, sure of itself, with some fields changed."""
    return json_object(
        {
            "intent_type": "modify",
            "confidence": 0.94,
            "target_type": "chapter",
            "target_id": "3",
            "scope": "specific",
            "action": "add_dialogue",
            "description": "Let Mr. Orrin answer Sarah in the library.",
            "scale": "patch",
            "reasoning": "One scene of one chapter.",
            "questions": [],
            **changes,
        }
    )


def checklist(*questions: str) -> Reply:
    return json_object({"questions": list(questions or QUESTIONS)})


def material(request: dict[str, Any], name: str) -> str:
    """Return a text that a prompt holds between its boundaries."""
    user = str(request["messages"][1]["content"])
    found = re.search(rf"<<<{name} (\w+)>>>\n(.*?)\n<<<end of {name} \1>>>", user, re.S)
    return found[2] if found else ""


def evidence(request: dict[str, Any]) -> str:
    """Return words that the change in a prompt put in; words that it took out when it put none in."""
    lines = material(request, "change").splitlines()
    return next(
        line[1:]
        for sign in "+-"
        for line in lines
        if line.startswith(sign) and not line.startswith(sign * 3) and re.search(r"\w\w\w", line)
    )


def objection(
    problem: str, kind: str = "fact", criterion: str = "q1", quote: str = "", more: str = ""
) -> dict[str, str]:
    return {"criterion": criterion, "kind": kind, "problem": problem, "quote": quote, "suggestion": more}


def vote(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an answer that approves the change in a request, by quotes that stand in it, with some fields changed."""
    names = re.findall(r"^(q\d+)\. ", material(request, "checklist"), re.M)
    shown = evidence(request)
    return {
        "answers": [{"id": name, "why": "It is there.", "evidence": shown, "met": True} for name in names],
        "standing": {name: {"why": "Nothing speaks against it.", "met": True} for name in STANDING},
        "objections": [],
        "reasoning": "It does what was asked.",
        "verdict": "approved",
        **changes,
    }


def verdict(approved: bool = True, *issues: str, reasoning: str = "It does what was asked.") -> Reply:
    """A judge's answer to whatever change it is shown: with issues as objections of fact to the first question."""

    def reply(exchange: Exchange) -> None:
        made = vote(exchange.request, reasoning=reasoning)
        if not approved:
            made["verdict"] = "needs_revision"
            made["answers"][0] |= {"met": False, "evidence": "", "why": reasoning}
        quote = evidence(exchange.request) if approved else ""
        made["objections"] = [objection(issue, quote=quote, more="Give him one more line.") for issue in issues]
        text(json.dumps(made, ensure_ascii=False))(exchange)

    return reply


AUTOMATIC: dict[str, Reply] = {
    "checklist": checklist(),
    "compare": json_object({"reasoning": "They are alike.", "better": "neither"}),
    "summary": status(400, "nobody scripted a summary"),
}
"""What answers where a test scripts nothing."""


class ScriptedServer(ModelServer):
    """A server that answers by stage, and keeps apart what a test scripted and what answered itself."""

    def __init__(self, scripted: set[str]) -> None:
        super().__init__(handler=self._by_itself, stage_of=stage_of)
        self.automatic: list[dict[str, Any]] = []
        self._scripted = scripted
        self._judged: dict[str, Reply] = {}

    def reply_to(self, recorded: Recorded) -> Reply:
        reply = super().reply_to(recorded)
        if _is_vote(recorded.body) and not any(recorded.body is known for known in self.automatic):
            self._judged[material(recorded.body, "change")] = reply
        return reply

    def _by_itself(self, request: dict[str, Any]) -> Reply | None:
        stage = stage_of(request)
        reply = AUTOMATIC.get(stage) if stage not in self._scripted else None
        if _is_vote(request) and _new_first(request) and "votes" not in self._scripted:
            reply = self._judged.get(material(request, "change"))
        if reply is not None:
            self.automatic.append(request)
        return reply


def _is_vote(request: dict[str, Any]) -> bool:
    """A correction that is asked for has more messages, and is scripted by itself."""
    return bool(request) and stage_of(request) == "judge" and len(request["messages"]) == 2


def _new_first(request: dict[str, Any]) -> bool:
    return "The NEW text, as it is after the change:" in str(request["messages"][1]["content"])


@contextmanager
def model(**stages: Reply | str | Sequence[Reply | str]) -> Iterator[tuple[ScriptedServer, dict[str, str]]]:
    """Run a server that answers each stage from its own list; yield it with the environment that leads to it."""
    with ScriptedServer(set(stages)) as server:
        for stage, replies in stages.items():
            listed = [replies] if isinstance(replies, str) or callable(replies) else replies
            name = "judge" if stage == "votes" else stage
            server.script_stage(name, *(text(reply) if isinstance(reply, str) else reply for reply in listed))
        yield server, settings(server.base_url)


def settings(base_url: str) -> dict[str, str]:
    return {
        "BOOKITER_OPENAI__BASE_URL": base_url,
        "BOOKITER_MODELS__DEFAULT": "scripted",
        "BOOKITER_OPENAI__MAX_RETRIES": "1",
        "OPENAI_API_KEY": "sk-test-0123456789abcdef",
    }


def asked(server: ModelServer) -> list[Recorded]:
    """Return the requests that a test scripted the answers to."""
    automatic = server.automatic if isinstance(server, ScriptedServer) else []
    return [each for each in server.requests if each.body and not any(each.body is known for known in automatic)]


def stages_asked(server: ModelServer) -> list[str]:
    return [stage_of(request.body) for request in asked(server)]
