"""bookiter doctor: what is missing, and how to get it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bookiter.cli import options
from bookiter.errors import BookiterError, ExitCode

if TYPE_CHECKING:
    from bookiter.cli.console import Console
    from bookiter.manuscript.config import Loaded


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``needed`` ones decide the exit code; the others only widen what bookiter can do."""

    name: str
    ok: bool
    says: str
    hint: str = ""
    needed: bool = True


def run(
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Look for git, repository, identity, settings, model, key and server; say what is missing and how to get it."""
    from bookiter.cli.console import Console, paint

    console = Console(json_wanted=json, quiet=quiet)
    _tidy(console, manuscript)
    checks = list(_checks(manuscript))
    failed = any(check.needed and not check.ok for check in checks)
    if json:
        console.json({"status": "not_ready" if failed else "ok", "checks": [vars(check) for check in checks]})
        return ExitCode.NOT_READY if failed else ExitCode.DONE
    for check in checks:
        mark, style = ("✓", "green") if check.ok else ("✗", "red") if check.needed else ("•", "yellow")
        shown = paint(mark, style) if console.result_colour else mark
        console.result(f"{shown} {check.name}: {check.says}\n")
        if check.hint and not check.ok:
            console.result(f"    {check.hint}\n")
    console.say("Something is missing; see above." if failed else "Ready.")
    return ExitCode.NOT_READY if failed else ExitCode.DONE


def _tidy(console: "Console", folder: Path) -> None:
    """Put in order first what an interrupted bookiter left half done, as every command does that opens a manuscript."""
    from bookiter.cli.session import open_session

    with contextlib.suppress(BookiterError):  # whatever is wrong is told below
        open_session(console, folder)


def _checks(folder: Path) -> Iterator[Check]:
    from bookiter.cli.session import bookiter_environment, without_misleading_variables
    from bookiter.manuscript.book import find_root
    from bookiter.manuscript.config import load_config
    from bookiter.store.begin import git_version

    without_misleading_variables()
    version = git_version()
    yield Check(
        "git",
        version is not None,
        version or "not installed",
        "Install it from your system's packages, or git-scm.com.",
    )
    root = find_root(folder)
    yield Check(
        "manuscript",
        root is not None,
        str(root) if root else "no bookiter.yaml here or above",
        "`bookiter init` makes one.",
    )
    if version:
        yield from _repository(root or folder)
    try:
        import os

        loaded = load_config(root, bookiter_environment(os.environ), {})
    except BookiterError as error:
        yield Check("settings", False, error.message, error.hint)
        return
    yield Check("settings", True, f"{sum(s.source != 'default' for s in loaded.settings)} of your own")
    yield from _model(root, loaded)


def _repository(folder: Path) -> Iterator[Check]:
    from bookiter.store.repo import open_repository

    try:
        with open_repository(folder.resolve()) as repo:
            yield Check("repository", True, f"on {repo.branch() or 'a detached HEAD'}")
            try:
                repo.require_committable()
                yield Check("commits", True, f"as {repo.identity()}")
            except BookiterError as error:
                yield Check("commits", False, error.message, error.hint)
    except BookiterError as error:
        yield Check("repository", False, error.message, error.hint)


def _model(root: Path | None, loaded: "Loaded") -> Iterator[Check]:
    import os

    from bookiter.cli.consent import not_allowed
    from bookiter.manuscript.config import STAGES, is_loopback

    config = loaded.config
    names = {config.model_for(stage) for stage in STAGES}
    yield Check(
        "model",
        "" not in names,
        ", ".join(sorted(names)) if "" not in names else "none configured; the built-in editor works without one",
        "Set models.default in bookiter.yaml, or BOOKITER_MODELS__DEFAULT=NAME. A local server (Ollama, "
        "LM Studio, llama.cpp) needs no key: openai.base_url: http://127.0.0.1:11434/v1",
        needed=False,
    )
    for what in dict.fromkeys(not_allowed(root, loaded).values() if root else ()):
        yield Check("consent", False, f"bookiter.yaml {what}", "`bookiter config --allow`", needed=False)
    local = is_loopback(config.openai.base_url)
    key = config.openai.api_key_env
    yield Check(
        "key",
        local or bool(os.environ.get(key)),
        f"{key} is set" if os.environ.get(key) else "none needed for a local server" if local else f"{key} is not set",
        f"export {key}=… (from your provider's account page)",
        needed=False,
    )
    if local:
        yield _server(config.openai.base_url)


def _server(base_url: str) -> Check:
    """Ask a server on this machine for its models; a remote one is not called without need."""
    import json
    import urllib.error
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(base_url.rstrip("/") + "/models", timeout=3) as answer:
            listed = json.loads(answer.read(1_000_000)).get("data", [])
            names = [str(item.get("id", "")) for item in listed if isinstance(item, dict)]
        return Check(
            "server",
            True,
            f"answers with {len(names)} models" + (f": {', '.join(names[:8])}" if names else ""),
            needed=False,
        )
    except urllib.error.HTTPError as error:
        return Check("server", True, f"answers, with HTTP {error.code} for its list of models", needed=False)
    except (OSError, ValueError, AttributeError) as error:
        return Check(
            "server",
            False,
            f"{base_url} does not answer: {error}",
            "Start it, for example `ollama serve`.",
            needed=False,
        )
