"""A model that plays its part: a loopback server scripted stage by stage, and the settings that lead to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from support.model_replies import Reply, json_object, text
from support.model_server import ModelServer

_PHRASES = {
    "intent": "what kind of request it is",
    "scale": "how a change to a book manuscript is best made",
    "diff": "You answer with a unified diff",
    "regenerate": "You rewrite one part",
    "judge": "You judge whether a change",
}


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


def verdict(approved: bool = True, *issues: str, reasoning: str = "It does what was asked.") -> Reply:
    return json_object(
        {
            "verdict": "approved" if approved else "needs_revision",
            "reasoning": reasoning,
            "specific_issues": list(issues),
            "suggestions": ["Give him one more line."] if issues else [],
        }
    )


@contextmanager
def model(**stages: Reply | str | Sequence[Reply | str]) -> Iterator[tuple[ModelServer, dict[str, str]]]:
    """Run a server that answers each stage from its own list; yield it with the environment that leads to it."""
    with ModelServer(stage_of=stage_of) as server:
        for stage, replies in stages.items():
            listed = [replies] if isinstance(replies, str) or callable(replies) else replies
            server.script_stage(stage, *(text(reply) if isinstance(reply, str) else reply for reply in listed))
        yield server, settings(server.base_url)


def settings(base_url: str) -> dict[str, str]:
    return {
        "BOOKITER_OPENAI__BASE_URL": base_url,
        "BOOKITER_MODELS__DEFAULT": "scripted",
        "BOOKITER_OPENAI__MAX_RETRIES": "1",
        "OPENAI_API_KEY": "sk-test-0123456789abcdef",
    }


def stages_asked(server: ModelServer) -> list[str]:
    return [stage_of(request.body) for request in server.requests]
