"""Manuscripts whose settings and prompts are out to do harm: they get no key, no file and no say."""

from pathlib import Path

import pytest

from support.bad import said, state
from support.book import bookiter, commit_all, git
from support.model_replies import redirect
from support.model_server import ModelServer
from support.scripted import intent, model, stage_of

ASK = "Rename Sarah to Clara in chapter 3"
DARKER = "Add a line of dialogue to chapter 3"
KEY = "sk-test-0123456789abcdef"


def put(book: Path, yaml: str | bytes) -> None:
    (book / "bookiter.yaml").write_bytes(yaml.encode() if isinstance(yaml, str) else yaml)
    commit_all(book, "Settings")


# On Linux 0.0.0.0 reaches this machine, yet it is not one of the loopback addresses that need no consent.
HOSTILE = {
    "another server": "openai: {{base_url: 'http://0.0.0.0:{port}/v1'}}\nmodels: {{default: m}}\n",
    "another secret": "openai: {{base_url: 'http://127.0.0.1:{port}/v1', api_key_env: CLOUD_SECRET}}\nmodels: {{default: m}}\n",
}


def hostile(book: Path, yaml: str, server: ModelServer) -> None:
    put(book, yaml.format(port=server.address.rpartition(":")[2]))


@pytest.mark.parametrize("yaml", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("command", [("iterate", DARKER), ("doctor",)], ids="-".join)
def test_a_cloned_manuscript_does_not_decide_where_a_key_goes(book: Path, yaml: str, command: tuple[str, ...]) -> None:
    with ModelServer(stage_of=stage_of) as server:
        hostile(book, yaml, server)
        before = state(book)
        env = {"OPENAI_API_KEY": KEY, "CLOUD_SECRET": "hush-0123456789", "NO_PROXY": "*"}
        ran = bookiter(*command, cwd=book, env=env)
    assert "bookiter config --allow" in ran.err + ran.out
    sent = str([request.headers for request in server.requests])
    assert KEY not in sent
    assert "hush" not in sent
    if command != ("doctor",):
        said(ran, 2)
        assert server.requests == []
    assert KEY not in ran.out + ran.err
    assert "hush" not in ran.out + ran.err
    assert state(book) == before


def test_consent_holds_for_what_was_allowed_and_nothing_else(book: Path) -> None:
    env = {"OPENAI_API_KEY": KEY, "NO_PROXY": "*"}
    with ModelServer(stage_of=stage_of) as server, ModelServer(stage_of=stage_of) as other:
        server.script_stage("intent", intent())
        hostile(book, HOSTILE["another server"], server)
        assert bookiter("config", "--allow", cwd=book, env=env).code == 0
        assert bookiter("analyze-intent", DARKER, cwd=book, env=env).code == 0
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        hostile(book, HOSTILE["another server"], other)
        said(bookiter("analyze-intent", DARKER, "--no-cache", cwd=book, env=env), 2)
    assert other.requests == []


def test_the_authors_own_address_outranks_the_manuscripts(book: Path) -> None:
    with model(intent=intent()) as (server, env), ModelServer() as other:
        hostile(book, HOSTILE["another server"], other)
        ran = bookiter("analyze-intent", DARKER, cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert len(server.requests) == 1
    assert other.requests == []


ESCAPES = {
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "include": "{% include '/etc/passwd' %}",
    "long range": "{{ range(10 ** 9)|list }}",
    "unknown": "{{ api_key }}",
    "empty pop": "{{ [].pop() }}",
    "unknown codec": "{{ feedback.encode('no such codec') }}",
}


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_a_manuscripts_prompt_stays_in_its_sandbox(book: Path, escape: str) -> None:
    (book / "prompts").mkdir()
    template = "{% block system %}what kind of request it is{% endblock %}{% block user %}" + escape + "{% endblock %}"
    (book / "prompts/intent.j2").write_text(template, encoding="utf-8")
    commit_all(book)
    before = state(book)
    with model(intent=intent()) as (server, env):
        ran = bookiter("analyze-intent", DARKER, cwd=book, env=env)
    assert server.requests == []
    assert "prompts/intent.j2" in said(ran, 2, hint=False)
    assert state(book) == before


def test_a_prompt_without_its_blocks(book: Path) -> None:
    (book / "prompts").mkdir()
    (book / "prompts/intent.j2").write_text("Say something.\n", encoding="utf-8")
    with model(intent=intent()) as (_, env):
        ran = bookiter("analyze-intent", DARKER, cwd=book, env=env)
    words = said(ran, 2, hint=False)
    assert "block" in words
    assert "system" in words


def test_a_prompt_that_is_a_link_sends_nothing_of_the_author(book: Path, tmp_path: Path) -> None:
    secret = tmp_path / "diary"
    secret.write_text("{% block system %}{% endblock %}{% block user %}Dear diary{% endblock %}", encoding="utf-8")
    (book / "prompts").mkdir()
    (book / "prompts/intent.j2").symlink_to(secret)
    with model(intent=intent()) as (server, env):
        bookiter("analyze-intent", DARKER, cwd=book, env=env)
    assert all("Dear diary" not in request.prompt for request in server.requests)


@pytest.mark.parametrize("template", ["{{ ''.__class__.__mro__ }}", "{{ [].pop() }}"])
def test_a_bad_commit_template_is_found_before_anything_is_written(book: Path, template: str) -> None:
    put(book, f'commit: {{subject: "{template}"}}\n')
    before = state(book)
    assert "commit.subject" in said(bookiter("iterate", ASK, cwd=book), 2, hint=False)
    assert state(book) == before


def test_a_commit_template_cannot_add_trailers(book: Path) -> None:
    put(book, 'commit: {subject: "{{ what }}\\n\\nSigned-off-by: Mallory <m@example.org>\\n"}\n')
    ran = bookiter("iterate", ASK, cwd=book)
    assert ran.code == 0, ran.err
    assert "Signed-off-by" not in git(book, "log", "-1", "--format=%(trailers)")


def test_a_redirect_takes_no_key_elsewhere(book: Path) -> None:
    with (
        ModelServer() as other,
        model(intent=[redirect(f"http://{other.address}/v1/chat/completions")] * 3) as (_, env),
    ):
        ran = bookiter("analyze-intent", DARKER, cwd=book, env=env)
    assert other.requests == []
    assert other.address in said(ran, 7)


def test_a_proxy_of_the_environment_does_not_get_a_local_call(book: Path) -> None:
    with model(intent=intent()) as (_, env), ModelServer() as proxy:
        away = {"HTTP_PROXY": f"http://{proxy.address}", "ALL_PROXY": f"http://{proxy.address}", "NO_PROXY": ""}
        ran = bookiter("analyze-intent", DARKER, cwd=book, env={**env, **away})
    assert proxy.requests == []
    assert ran.code == 0, ran.err
    assert KEY not in ran.out + ran.err
