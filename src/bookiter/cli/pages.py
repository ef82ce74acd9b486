"""The pages a person decides by: the summary of a change, and its texts word by word."""

import shutil
import sys
from collections.abc import Iterator
from typing import TextIO

from bookiter.cli.page import draw
from bookiter.cli.person import AtTerminal, may_ask
from bookiter.cli.progress import Progress
from bookiter.cli.redline import redline_file
from bookiter.cli.session import Session
from bookiter.errors import InvalidInput
from bookiter.manuscript.book import Book
from bookiter.stages.change import Change
from bookiter.stages.chosen import chosen_files
from bookiter.stages.summarise import Summary


def at_terminal(session: Session, progress: Progress, *, no_input: bool, ask_approval: bool) -> AtTerminal:
    """Return whoever sits before the terminal, if anybody does."""
    console = session.console

    def show_page(summary: Summary) -> None:
        console.talk(draw(summary.markdown(), width(sys.stderr), console.colour))

    def show_files(summary: Summary, said: str) -> None:
        try:
            for line in file_pages(summary.change, said, session.book, console.colour, width(sys.stderr)):
                console.talk(line)
        except InvalidInput as unknown:  # a slip of the finger at a question ends nothing
            console.talk(f"   {console.paint('!', 'yellow')} {unknown.message} {unknown.hint}")

    asking = may_ask(no_input, console.json_wanted)
    return AtTerminal(
        console, progress, asking, ask_approval and session.config.approval == "ask", show_page, show_files
    )


def file_pages(change: Change, said: str, book: Book, colour: bool, columns: int | None) -> Iterator[str]:
    """Yield the redline of the texts that a person names, such as "chapter 3" or "all". Raises InvalidInput."""
    for path in chosen_files(said, change, book):
        yield ""
        yield from redline_file(change, path, colour, columns)


def width(stream: TextIO | None) -> int | None:
    """Return how many columns a page may take on a stream; None where it is no terminal, and nothing is wrapped."""
    if stream is None or not stream.isatty():
        return None
    return max(40, min(100, shutil.get_terminal_size().columns))
