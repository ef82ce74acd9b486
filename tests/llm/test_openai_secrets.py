"""The key and the manuscript go to the configured server only, and the key into no message."""

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from bookiter.errors import InvalidConfig
from bookiter.llm.chat.client import is_this_machine
from bookiter.llm.chat.scrub import scrub
from bookiter.llm.openai import OpenAIModel, OpenAISettings
from support.model_replies import body, finish, html, payload, redirect, status, text

Start = Callable[..., Any]
KEY = "sk-proj-Wm3kQ9vTz71LpXa8Rb2Nf5Yc"
PLAIN_KEY = "d41e0c77-93ab-4f6e-b8d2-51c3a9f07e64"  # as gateways hand them out, without a telling beginning


def test_the_key_is_sent_and_nothing_else_identifies_the_author(start: Start) -> None:
    bench = start(text("a"), api_key=f" {KEY}\n")
    bench.ask()
    headers = bench.server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert not {"openai-organization", "openai-project", "cookie"} & set(headers)


def test_without_a_key_none_is_taken_from_elsewhere(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-author")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-author")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {KEY}\nX-Author: me")
    bench = start(text("a"), api_key=None)
    bench.ask()
    sent = " ".join(f"{name}: {value}" for name, value in bench.server.requests[0].headers.items())
    for secret in (KEY, "of-the-author", "x-author"):
        assert secret not in sent


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_stands_between_the_program_and_its_own_machine(
    start: Start, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    proxy = start(text("from the proxy")).server
    monkeypatch.setenv(name, f"http://{proxy.address}")
    assert start(text("direct")).ask().text == "direct"
    assert proxy.requests == []


def test_a_proxy_is_used_for_other_machines(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    proxy = start(text("from the proxy")).server
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    assert start(base_url="http://models.invalid/v1").ask().text == "from the proxy"


def test_a_proxy_setting_that_cannot_work_is_a_wrong_setting(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://me:secret@proxy.invalid")
    bench = start(base_url="https://models.invalid/v1")
    with pytest.raises(InvalidConfig) as caught:
        bench.ask()
    assert "HTTPS_PROXY" in caught.value.hint
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("host", ["localhost", "book.localhost", "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0"])  # noqa: S104
def test_these_are_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "10.0.0.1", "192.168.1.2", ""])
def test_these_are_other_machines(host: str) -> None:
    assert not is_this_machine(host)


def echoes(key: str) -> dict[str, Any]:
    masked = f"{key[:8]}****************{key[-4:]}"
    return {
        "whole": status(401, f"Incorrect API key provided: {key}."),
        "masked": status(401, f"Incorrect API key provided: {masked}. See your account."),
        "dots": status(401, f"Invalid key {key[:3]}...{key[-4:]}"),
        "ending": status(401, f"The key ending in {key[-4:]} is revoked"),
        "beginning": status(401, f"No such key: {key[:12]}"),
        "in other fields": status(403, {"error": {"message": "no", "code": key, "param": key}}),
        "header": status(500, f"upstream refused 'Authorization: Bearer {key}'"),
        "assignment": status(400, {"error": f"key={key}"}),
        "page": html(page=f"<html>your header was {key}</html>"),
        "bytes": body(f"{key} {{".encode()),
        "object": payload({"debug": {"authorization": key}}),
        "answer": finish("length", f"I was given {key}"),
        "reason": finish(key),
        "redirect": redirect(f"http://elsewhere.invalid/?key={key}"),
    }


@pytest.mark.parametrize("echo", echoes(KEY))
@pytest.mark.parametrize("key", [KEY, PLAIN_KEY])
@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_a_key_that_a_server_echoes_is_shown_nowhere(start: Start, key: str, echo: str, stage: str) -> None:
    error = start(echoes(key)[echo], api_key=key, max_retries=0).fail(stage)
    shown = "".join(traceback.format_exception(error)) + error.hint + repr(error.details)
    for part in (key, key[:12], key[10:20], key[-4:]):
        assert part not in shown


@pytest.mark.parametrize("key", ["open,sesame;(now)", "short"])
def test_odd_keys_are_scrubbed_too(key: str) -> None:
    assert scrub(f"your key is '{key}'.", key) == "your key is '[key]'."


def test_the_settings_do_not_show_the_key() -> None:
    assert KEY not in repr(OpenAISettings("http://h/v1", KEY, {}))


@pytest.mark.parametrize("bad", ["two words", "line\nbreak", "schlüssel", "“quoted”"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(bad: str) -> None:
    with pytest.raises(InvalidConfig, match="BOOK_KEY") as caught:
        OpenAIModel(OpenAISettings("http://h/v1", bad, {}, api_key_name="BOOK_KEY"))
    assert bad not in caught.value.message + caught.value.hint


def test_an_empty_key_is_no_key(start: Start) -> None:
    assert "none is set" in start(status(401), api_key="  ").fail().message


def test_scrubbing_leaves_ordinary_words_alone() -> None:
    words = "the ask-me-later desk… and 12*34 xxxx (Bearer of bad news) skip key-value pairs f5Ycd"
    assert scrub(words, KEY) == words


def test_scrubbing_removes_keys_of_other_services_too() -> None:
    assert scrub("used gsk_abcdefgh and hf_ijklmnop", None) == "used [key] and [key]"


def test_scrubbing_makes_one_line_without_tricks() -> None:
    assert scrub("a\r\nb\x1b[2J\u202ec\u2028d\x00", None) == "a b [2Jc d"


def test_scrubbing_keeps_to_the_limit() -> None:
    assert scrub("x y " * 99, None, 10) == "x y x y x…"
