"""bookiter config: every setting in force, and where it comes from."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    key: Annotated[str, typer.Argument(help="One setting, such as models.default; a group, such as checks.")] = "",
    allow: Annotated[
        bool,
        typer.Option(
            "--allow",
            help="Let this manuscript's bookiter.yaml decide where your key is sent and which commands are run.",
        ),
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Show the settings in force with their sources: default, bookiter.yaml, environment."""
    import os

    from bookiter.cli.consent import allow as note_consent
    from bookiter.cli.consent import not_allowed, shown_setting
    from bookiter.cli.console import Console
    from bookiter.cli.session import bookiter_environment, no_manuscript
    from bookiter.errors import InvalidInput
    from bookiter.manuscript.book import find_root
    from bookiter.manuscript.config import load_config

    console = Console(json_wanted=json, quiet=quiet)
    root = find_root(manuscript)
    loaded = load_config(root, bookiter_environment(os.environ), {})
    if allow:
        if root is None:
            raise no_manuscript(manuscript)
        note_consent(root, loaded)
        for setting in loaded.guarded:
            for line in shown_setting(setting):
                console.say(f"Allowed here: {line}")
        if not loaded.guarded:
            console.say("bookiter.yaml asks for nothing that needs your consent.")
    shown = [s for s in loaded.settings if not key or s.key == key or s.key.startswith(key + ".")]
    if not shown:
        import difflib

        near = difflib.get_close_matches(key, [s.key for s in loaded.settings], n=3, cutoff=0.4)
        raise InvalidInput(
            f"there is no setting {key}.",
            hint=f"Near it: {', '.join(near)}." if near else "`bookiter config` lists all.",
        )
    guarded = set(not_allowed(root, loaded)) if root else set()
    if json:
        console.json(
            {
                "status": "ok",
                "settings": {s.key: {"value": s.value, "source": s.source} for s in shown},
                "not_allowed": sorted(guarded),
            }
        )
        return ExitCode.DONE
    for setting in shown:
        source = "" if setting.source == "default" else f"   # {setting.source}"
        waiting = " (not in force until `bookiter config --allow`)" if setting.key in guarded else ""
        console.result(f"{setting.key}: {_value(setting.value)}{source}{waiting}\n")
    return ExitCode.DONE


def _value(value: object) -> str:
    import json as json_module

    return json_module.dumps(value, ensure_ascii=False)
