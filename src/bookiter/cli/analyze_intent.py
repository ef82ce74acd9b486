"""bookiter analyze-intent: words in, intent JSON out."""

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    feedback: options.FeedbackWords = "",
    file: options.FeedbackFile = None,
    target: options.Target = "",
    answer: options.Answers = [],  # noqa: B006 - typer copies it
    output: options.Output = None,
    model: options.Models = [],  # noqa: B006
    provider: options.Provider = None,
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Say what a request means: kind, target, scope, confidence. Begins a run for the other stages."""
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.progress import Progress
    from bookiter.cli.session import open_session, repository
    from bookiter.stages.events import Analysing
    from bookiter.stages.gate import pass_gate
    from bookiter.stages.intent import analyse
    from bookiter.stages.locate import Feedback

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript, models=model, provider=provider, replay=replay, no_cache=no_cache)
    words = inputs.read_feedback(feedback, file)
    inputs.require_text("an answer or target", target, *answer)
    with repository(session.root) as repo, Progress(console, verbose=verbose) as progress:
        repo.require_commits()
        run = session.runs.new()
        run.write("feedback.txt", words)
        progress.report(Analysing())
        ctx = session.context(repo, run, progress)
        intent = pass_gate(ctx, analyse(ctx, Feedback(words, tuple(answer), target)))
        run.write("intent.json", intent.json_text())
    inputs.write_result(console, intent.json_text(), output)
    for question in intent.questions:
        console.say(f"   ? {question}")
    return ExitCode.CLARIFY if intent.status == "clarify" else ExitCode.DONE
