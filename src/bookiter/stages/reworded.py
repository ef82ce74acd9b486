"""What the author reworded: small replacements made since an iteration, or in a change before accepting it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from bookiter.errors import BookiterError
from bookiter.manuscript.book import Book, decode
from bookiter.stages.change import Change
from bookiter.stages.chronicle import Iteration, iterations
from bookiter.stages.learn import Lesson, compared_at, learn, note_compared
from bookiter.store.objects import read_many
from bookiter.store.repo import Repository
from bookiter.store.runs import Runs
from bookiter.text import words

_ITERATIONS, _FILES, _COMMITS = 3, 10, 200
_TWICE = 2
_WORDS, _CHARS = 3, 40


def learn_edits(book: Book, repo: Repository, runs: Runs) -> None:
    """Learn from what the author edited since the last iterations; nothing is looked at twice, and nothing fails by it."""
    with suppress(OSError, ValueError, BookiterError):
        head = repo.head()
        if head is None or compared_at(runs) == head:
            return
        for lesson in edited_since(book, repo, iterations(book, repo, latest=_ITERATIONS)):
            learn(runs, lesson)
        note_compared(runs, head)


def edited_since(book: Book, repo: Repository, iterations: Sequence[Iteration]) -> list[Lesson]:
    """Return the words that the author replaced at least twice in what the last iterations had written, as HEAD has it.

    Only texts that no later iteration changed count: what differs there is the author's.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    last = [each for each in iterations[:_ITERATIONS] if each.commit]
    touched = _touched_since(repo, {str(each.commit) for each in last})
    seen: set[str] = set()
    for each in last:
        paths = [path for path in each.targets if path in book.paths & touched and path not in seen][:_FILES]
        seen |= set(each.targets)
        commit = str(each.commit)
        parents = repo.parents(commit) if paths and not (each.is_undo or each.undone) else ()
        if len(parents) == 1:
            before, after, now = (read_many(repo, at, paths) for at in (parents[0], commit, "HEAD"))
            for path in paths:
                pairs.update(_replaced(path, before[path], after[path], now[path]))
    return _lessons(pairs, least=_TWICE)


def _touched_since(repo: Repository, commits: set[str]) -> set[str]:
    """Return what other commits than these have changed since the oldest of them; of a long history its end alone counts."""
    touched: set[str] = set()
    left = set(commits)
    for number, commit in enumerate(repo.log(names=True) if left else ()):
        if commit.id in left:
            left.discard(commit.id)
        else:
            touched.update(path for path in map(repo.own, commit.paths) if path is not None)
        if not left or number >= _COMMITS:
            break
    return touched


def edits_between(proposed: Change, edited: Change) -> list[Lesson]:
    """Return the words that the author replaced in a change before accepting it."""
    after = {file.path: file.after for file in proposed.files}
    pairs: Counter[tuple[str, str]] = Counter()
    for file in edited.files:
        pairs.update(_word_pairs(file.path, after.get(file.path, file.before), file.after))
    return _lessons(pairs, least=1)


def _replaced(path: str, before: bytes | None, after: bytes | None, now: bytes | None) -> Iterator[tuple[str, str]]:
    """Yield the words replaced in lines that an iteration had put in."""
    if after is None or now is None or after == now:
        return
    old = set(decode(path, before).splitlines()) if before is not None else set()
    text = decode(path, after)
    own = {line for line in text.splitlines() if line not in old}
    yield from _word_pairs(path, text, decode(path, now), own)


def _word_pairs(path: str, before: str, after: str, within: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield small replacements in lower case: a few words for a few others. A name for a name is no matter of taste."""
    from bookiter.patch import unified_diff
    from bookiter.stages.measure import blocks_of
    from bookiter.stages.wording import compared

    for block in blocks_of(unified_diff(path, before, after)):
        if within is not None and not within.intersection(block.removed.splitlines()):
            continue
        for delta in compared(block.removed, block.added):
            was, now = delta.removed.strip(), delta.added.strip()
            if _is_small(was) and _is_small(now) and not (was[0].isupper() and now[0].isupper()):
                yield was.lower(), now.lower()


def _is_small(text: str) -> bool:
    few = 0 < len(words(text)) <= _WORDS and len(text) <= _CHARS
    return few and text[0].isalpha() and "\n" not in text and "\r" not in text


def _lessons(pairs: Mapping[tuple[str, str], int], least: int) -> list[Lesson]:
    """Return what was replaced often enough, and in one direction only."""
    return [
        Lesson("edited", was=was, now=now, times=times)
        for (was, now), times in sorted(pairs.items())
        if times >= least and was != now and (now, was) not in pairs
    ]
