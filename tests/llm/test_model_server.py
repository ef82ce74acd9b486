"""The scripted server itself: other tests believe it, so its bytes are checked here without the SDK."""

import http.client
import json
import time
from typing import Any

import pytest

from support.model_replies import cut_stream, drip, hang, reset, slow_headers, status, text
from support.model_server import ModelServer


def post(server: ModelServer, **body: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.address, timeout=10)
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps({"messages": [], **body}), {"X-Test": "yes"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_the_request_decides_between_a_body_and_a_stream() -> None:
    with ModelServer(text("Hello"), text("Hello", chunks=["Hel", "lo"])) as server:
        code, whole = post(server)
        _, stream = post(server, stream=True, stream_options={"include_usage": True})
    assert code == 200
    assert json.loads(whole)["choices"][0]["message"]["content"] == "Hello"
    events = [json.loads(line[6:]) for line in stream.split(b"\n\n") if line.startswith(b"data: {")]
    assert [event["choices"][0]["delta"].get("content") for event in events[:3]] == ["Hel", "lo", None]
    assert events[2]["choices"][0]["finish_reason"] == "stop"
    assert events[3]["usage"]["total_tokens"] == 18
    assert stream.endswith(b"data: [DONE]\n\n")


def test_requests_are_recorded() -> None:
    with ModelServer(text("a")) as server:
        post(server, model="m", messages=[{"role": "user", "content": "Say a."}])
    (recorded,) = server.requests
    assert (recorded.path, recorded.body["model"], recorded.headers["x-test"]) == ("/v1/chat/completions", "m", "yes")
    assert recorded.prompt == "Say a."


def test_stages_have_their_own_queues_and_the_common_one_comes_after() -> None:
    with ModelServer(text("common"), stage_of=lambda body: str(body["messages"][0]["content"])) as server:
        server.script_stage("judge", text("judged"))
        server.script_stage("diff", text("patched"))
        stages = ["diff", "judge", "judge"]
        got = [post(server, messages=[{"role": "system", "content": stage}])[1] for stage in stages]
    assert [json.loads(data)["choices"][0]["message"]["content"] for data in got] == ["patched", "judged", "common"]


def test_a_handler_decides_first_and_may_leave_it_to_the_queue() -> None:
    with ModelServer(text("queued"), handler=lambda body: "handled" if body.get("model") == "h" else None) as server:
        got = [post(server, model=model)[1] for model in ("h", "q")]
    assert [json.loads(data)["choices"][0]["message"]["content"] for data in got] == ["handled", "queued"]


def test_the_end_of_the_script_is_an_error_that_is_not_asked_again() -> None:
    with ModelServer() as server:
        code, body = post(server)
    assert code == 400
    assert b"script is at its end" in body


def test_a_status_carries_its_headers_and_error() -> None:
    with ModelServer(status(429, "slow down", {"Retry-After": "3"})) as server:
        connection = http.client.HTTPConnection(server.address, timeout=10)
        connection.request("POST", "/v1/chat/completions", "{}")
        response = connection.getresponse()
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
        assert json.loads(response.read())["error"]["message"] == "slow down"
        connection.close()


def test_a_chunked_cut_is_a_broken_body_and_a_plain_one_is_not() -> None:
    with ModelServer(cut_stream("a"), cut_stream("a", chunked=True)) as server:
        assert post(server, stream=True)[1].count(b"data: ") == 1
        with pytest.raises(http.client.IncompleteRead):
            post(server, stream=True)


def test_a_reset_is_a_reset() -> None:
    with ModelServer(reset()) as server, pytest.raises(ConnectionResetError):
        post(server)


@pytest.mark.parametrize("reply", [hang(), drip(), slow_headers()])
def test_a_reply_that_waits_does_not_hold_up_the_end(reply: Any) -> None:
    server = ModelServer(reply)
    with server:
        connection = http.client.HTTPConnection(server.address, timeout=10)
        connection.request("POST", "/v1/chat/completions", "{}")
        while not server.requests:
            time.sleep(0.005)
    connection.close()
    assert server.faults == []


def test_a_mistake_in_a_script_is_not_swallowed() -> None:
    def broken(_: Any) -> None:
        raise LookupError("a typing error in the test")

    with pytest.raises(LookupError), ModelServer(broken) as server, pytest.raises(http.client.RemoteDisconnected):
        post(server)
