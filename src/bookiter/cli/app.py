"""The program: its commands, and the one place where an error becomes words and an exit code."""

import contextlib
import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from bookiter import __version__
from bookiter.cli import (
    accept,
    analyze_intent,
    apply,
    candidates,
    commit,
    config,
    detect_scale,
    diff,
    doctor,
    gc,
    history,
    init,
    iterate,
    judge,
    reject,
    show,
    stats,
    status,
    target,
    undo,
)
from bookiter.cli.console import Console, scrubbed
from bookiter.errors import BookiterError, ExitCode, InvalidInput, NotReady

app = typer.Typer(
    name="bookiter",
    help="Say in plain words what should change in your book; get a reviewed, committed change.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# What no program can help: the disk is full or broken, or the folder is not ours to write to.
_SURROUNDINGS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.EMFILE,
)

# In the order in which a newcomer meets them; the line is what `bookiter --help` says of a command.
for name, module, says in (
    ("init", init, "Begin a manuscript, or adopt a folder of chapters."),
    ("status", status, "Show what the manuscript holds and where it stands."),
    ("target", target, "Show or set the level that is worked on."),
    ("doctor", doctor, "Find out what is missing, and how to get it."),
    ("config", config, "Show the settings in force and their sources."),
    ("iterate", iterate, "From a sentence to a commit: all stages in order."),
    ("candidates", candidates, "List the changes that are kept, not yet accepted."),
    ("show", show, "Look at a candidate: summary, word by word, diff."),
    ("accept", accept, "Bring a candidate onto the branch."),
    ("reject", reject, "Turn a candidate down."),
    ("undo", undo, "Take an accepted iteration back."),
    ("history", history, "List the accepted iterations and their commits."),
    ("stats", stats, "Count attempts, approvals, kinds of feedback, cost."),
    ("gc", gc, "Collect old candidates."),
    ("analyze-intent", analyze_intent, "Stage 1: say what a request means."),
    ("detect-scale", detect_scale, "Stage 2: patch or regenerate."),
    ("diff", diff, "Stage 3: make the change, as a unified diff."),
    ("apply", apply, "Stage 4: apply a diff, exactly or not at all."),
    ("judge", judge, "Stage 5: check and judge the change."),
    ("commit", commit, "Stage 6: commit it with its history."),
):
    app.command(name, short_help=says)(module.run)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bookiter {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


def main() -> None:
    """Run the program and end the process with its exit code."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # Ending politely is the same whoever asks for it: put everything back, exit code 130.
        if signal.getsignal(ending) == signal.SIG_DFL:
            signal.signal(ending, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every error is shown here and nowhere else."""
    before_separator = list(arguments)[: list(arguments).index("--")] if "--" in arguments else list(arguments)
    console = Console(
        json_wanted="--json" in before_separator, quiet="--quiet" in before_separator or "-q" in before_separator
    )
    verbose = "--verbose" in before_separator or "-v" in before_separator
    try:
        code = app(args=list(arguments), standalone_mode=False, prog_name="bookiter")
        if sys.stdout is not None:
            sys.stdout.flush()
    except BookiterError as error:
        console.error(error)
        return error.exit_code
    except typer.TyperException as error:
        console.error(InvalidInput(_sentence(error.format_message()), hint=_usage_hint(arguments)))
        return ExitCode.USAGE
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not stumble over it again while closing.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except Exception as error:
        return _unexpected(console, error, verbose=verbose)
    if code == ExitCode.INTERRUPTED:
        console.interrupted()
    return int(code or 0)


def _unexpected(console: Console, error: Exception, *, verbose: bool) -> int:
    if isinstance(error, OSError) and error.errno in _SURROUNDINGS:
        console.error(_unwritable(error))
        return ExitCode.NOT_READY
    console.fault(error, _saved_traceback(), verbose=verbose)
    return ExitCode.FAULT


def _unwritable(error: OSError) -> NotReady:
    name = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else "a file"
    return NotReady(
        f"{name} could not be read or written: {error.strerror}.",
        hint="Look at the folder's permissions and the space on the disk.",
    )


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:] if message else "the command cannot be understood."


def _usage_hint(arguments: Sequence[str]) -> str:
    known = {command.name for command in app.registered_commands}
    command = next((a for a in arguments if a in known), "")
    return f"`bookiter {command} --help` shows how it is used." if command else "`bookiter --help` lists the commands."


def _saved_traceback() -> Path | None:
    """Keep the traceback in the current run, where it belongs, or else in a temporary file."""
    text = scrubbed(traceback.format_exc(), os.environ)
    with contextlib.suppress(Exception):
        from bookiter.manuscript.book import find_root
        from bookiter.store.runs import Runs

        root = find_root(Path.cwd())
        current = Runs(root).current() if root else None
        if current is not None and current.folder is not None:
            current.write("traceback.txt", text)
            return current.folder / "traceback.txt"
    with (
        contextlib.suppress(OSError),
        tempfile.NamedTemporaryFile("w", prefix="bookiter-", suffix=".txt", delete=False) as file,
    ):
        file.write(text)
        return Path(file.name)
    return None
