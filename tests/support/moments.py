"""Manuscripts at the moment before an operation, and what must be true of them whatever stopped it."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from support.book import CHAPTERS, PREMISE, TREATMENT, chapter_files, commit_all, git, make_book, tree_of, write_files
from support.killing import Warm
from support.model_replies import text
from support.scripted import intent, model, verdict

ONE, TWO, THREE = (f"chapters/chapter-0{number}.md" for number in (1, 2, 3))
BEATS = "chapter-beats/chapter-03.md"
MINE = "# Treatment\n\nMine, not committed.\n"
STAGED = "Staged, not committed.\n"
OLD = "2026-01-01T00:00:00Z"
PREMISE_DIFF = f"""--- a/premise/premise.md
+++ b/premise/premise.md
@@ -1,3 +1,3 @@
 # Premise
 
-{PREMISE.splitlines()[2]}
+Sarah Vane, a ferryman’s daughter, finds that the river keeps no ledger at all.
"""  # noqa: W293 - a blank context line is one space


@dataclass(frozen=True)
class Moment:
    """A book before an operation: the command, and the texts that each file may hold afterwards (None: no file).

    ``ids`` are the candidates that the operation is about.
    """

    book: Path
    command: tuple[str, ...]
    texts: Mapping[str, tuple[str | None, ...]]
    ids: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)

    def copy(self, to: Path) -> Path:
        """Return a copy of the book to work on."""
        shutil.copytree(self.book, to, symlinks=True)
        return to


def ran(bookiter: Warm, book: Path, *arguments: str) -> dict[str, object]:
    """Run a command that must succeed, and return its answer."""
    done = bookiter.run([*arguments, "--json"], book)
    assert done.code == 0, (arguments, done.out, done.err)
    answer: dict[str, object] = json.loads(done.out)
    return answer


def preview(bookiter: Warm, book: Path, words: str, *more: str) -> str:
    return str(ran(bookiter, book, "iterate", words, "--preview", *more)["candidate"])


def new_book(folder: Path) -> Path:
    """A manuscript in which the author has an edit and a staged file of their own, neither committed."""
    book = make_book(folder, {"premise/premise.md": PREMISE, "treatment/treatment.md": TREATMENT, **chapter_files()})
    shutil.rmtree(book / ".git/hooks")
    (book / ".git/hooks").mkdir()
    return book


def with_own_work(book: Path) -> None:
    write_files(book, {"treatment/treatment.md": MINE, "notes.md": STAGED})
    git(book, "add", "notes.md")


def either(*paths: str, old: str = "Sarah", new: str = "Clara") -> dict[str, tuple[str | None, ...]]:
    texts = chapter_files()
    return {path: (texts[path], texts[path].replace(old, new)) for path in paths}


def accept_one(bookiter: Warm, book: Path) -> Moment:
    name = preview(bookiter, book, "rename Sarah to Clara in chapter 3")
    return Moment(book, ("accept", name), either(THREE), (name,))


def accept_many(bookiter: Warm, book: Path) -> Moment:
    ran(bookiter, book, "iterate", 'replace "the bell" with "the horn" in chapter 3')
    name = preview(bookiter, book, "rename Sarah to Clara in chapters 1-3")
    here = (book / THREE).read_text("utf-8")
    texts = {**either(ONE, TWO), THREE: (here, here.replace("Sarah", "Clara"))}
    return Moment(book, ("accept", name), texts, (name,))


def accept_part(bookiter: Warm, book: Path) -> Moment:
    name = preview(bookiter, book, "rename Sarah to Clara in chapters 1-3")
    ran(bookiter, book, "accept", name, "--only", THREE)
    ran(bookiter, book, "accept", name, "--only", TWO)
    changed = {path: texts[1:] for path, texts in either(TWO, THREE).items()}
    return Moment(book, ("accept", name, "--only", ONE), {**changed, **either(ONE)}, (name,))


def accept_line(bookiter: Warm, book: Path) -> Moment:
    first = preview(bookiter, book, "rename Sarah to Clara in chapter 3")
    second = preview(bookiter, book, "rename Orrin to Arran in chapter 3", "--from", first)
    new = CHAPTERS[3].replace("Sarah", "Clara").replace("Orrin", "Arran")
    return Moment(book, ("accept", second), {THREE: (CHAPTERS[3], new)}, (first, second))


def accept_moved(bookiter: Warm, book: Path) -> Moment:
    name = preview(bookiter, book, "rename Orrin to Arran in chapter 3")
    ran(bookiter, book, "iterate", "rename Sarah to Clara in chapter 1")
    mine = CHAPTERS[3].replace("rang twice", "rang once")
    write_files(book, {THREE: mine})
    git(book, "commit", "-qam", "Mine")
    return Moment(book, ("accept", name), {THREE: (mine, mine.replace("Orrin", "Arran"))}, (name,))


def _culled(bookiter: Warm, book: Path) -> tuple[str, dict[str, tuple[str | None, ...]]]:
    """Keep a candidate that changes the premise and removes a text made from it."""
    write_files(book, {BEATS: "# Beats\n\nSarah reads.\n"})
    for path in ("treatment", "chapters"):
        shutil.rmtree(book / path)
    commit_all(book, "Premise and beats")
    wanted = intent(target_type="premise", target_id=None, action="rewrite")
    with model(intent=wanted, diff=text(PREMISE_DIFF), judge=verdict()) as (_, env):
        from support.book import bookiter as installed

        asked = ("iterate", "Let the river keep no ledger in the premise", "--preview", "--downstream", "cull")
        done = installed(*asked, "--json", cwd=book, env=env)
    assert done.code == 0, (done.out, done.err)
    new = PREMISE_DIFF.splitlines()[-1][1:]
    texts: dict[str, tuple[str | None, ...]] = {
        "premise/premise.md": (PREMISE, f"# Premise\n\n{new}\n"),
        BEATS: ("# Beats\n\nSarah reads.\n", None),
    }
    return str(json.loads(done.out)["candidate"]), texts


def accept_culling(bookiter: Warm, book: Path) -> Moment:
    name, texts = _culled(bookiter, book)
    return Moment(book, ("accept", name), texts, (name,))


def undo_whole(bookiter: Warm, book: Path) -> Moment:
    ran(bookiter, book, "iterate", "rename Sarah to Clara in chapters 1-3")
    return Moment(book, ("undo",), either(ONE, TWO, THREE))


def undo_part(bookiter: Warm, book: Path) -> Moment:
    ran(bookiter, book, "iterate", "rename Sarah to Clara in chapters 1-3")
    return Moment(book, ("undo", "--only", THREE), {**either(THREE), ONE: either(ONE)[ONE][1:]})


def undo_restoring(bookiter: Warm, book: Path) -> Moment:
    name, texts = _culled(bookiter, book)
    ran(bookiter, book, "accept", name)
    return Moment(book, ("undo",), texts)


def gc(bookiter: Warm, book: Path) -> Moment:
    ids = [preview(bookiter, book, f"rename Sarah to {name} in chapter 3") for name in ("Clara", "Agnes", "Edith")]
    ran(bookiter, book, "reject", ids[0])
    ran(bookiter, book, "candidates", "--lock", ids[1])
    write_files(book, {"bookiter.yaml": "project: ferry\ncandidates: {inactive_hours: 0, failed_hours: 0}\n"})
    commit_all(book, "Keep nothing")
    return Moment(book, ("gc",), {THREE: (CHAPTERS[3],)}, (ids[1],))


def reject(bookiter: Warm, book: Path) -> Moment:
    name = preview(bookiter, book, "rename Sarah to Clara in chapter 3")
    return Moment(book, ("reject", name, "--why", "no"), {THREE: (CHAPTERS[3],)}, (name,))


def commit(bookiter: Warm, book: Path) -> Moment:
    """The change is applied already: the chapter is new before and after, and what must not be lost."""
    for command in (("analyze-intent", "rename Sarah to Clara in chapter 3"), ("diff",), ("apply",)):
        done = bookiter.run(list(command), book)
        assert done.code == 0, done.err
    return Moment(book, ("commit",), {THREE: (CHAPTERS[3].replace("Sarah", "Clara"),)})


def apply(bookiter: Warm, book: Path) -> Moment:
    for command in (("analyze-intent", "rename Sarah to Clara in chapters 1-3"), ("diff",)):
        done = bookiter.run(list(command), book)
        assert done.code == 0, done.err
    return Moment(book, ("apply",), either(ONE, TWO, THREE))


def iterate(bookiter: Warm, book: Path) -> Moment:
    return Moment(book, ("iterate", "rename Sarah to Clara in chapters 1-3"), either(ONE, TWO, THREE))


MOMENTS: dict[str, Callable[[Warm, Path], Moment]] = {
    "accept of one file": accept_one,
    "accept of many files": accept_many,
    "accept of a part": accept_part,
    "accept of a line": accept_line,
    "accept on a branch that moved": accept_moved,
    "accept that culls": accept_culling,
    "undo": undo_whole,
    "undo of a part": undo_part,
    "undo that restores": undo_restoring,
    "gc": gc,
    "reject": reject,
    "commit": commit,
    "apply": apply,
    "iterate": iterate,
}


def prepared(name: str, bookiter: Warm, folder: Path) -> Moment:
    """Bring a book to one of the moments."""
    moment = MOMENTS[name](bookiter, new_book(folder))
    if (moment.book / "treatment").exists():
        with_own_work(moment.book)
    return moment


def require_texts(moment: Moment, book: Path) -> None:
    """Every file is whole old or whole new, and all of them alike."""
    now = {path: _text(book, path) for path in moment.texts}
    assert all(now[path] in allowed for path, allowed in moment.texts.items()), now
    sides = {allowed.index(now[path]) for path, allowed in moment.texts.items() if len(allowed) > 1}
    assert len(sides) <= 1, now


def require_whole(moment: Moment, book: Path) -> None:
    """The texts are whole, the author's own work is as it was, and nothing is left over."""
    require_texts(moment, book)
    if (moment.book / "notes.md").exists():
        assert _text(book, "treatment/treatment.md") == MINE
        assert git(book, "show", ":notes.md") == STAGED == _text(book, "notes.md")
    assert not [path for path in tree_of(book) if path.endswith(".tmp")]
    assert not (book / ".git/index.lock").exists()
    assert not [*book.glob(".bookiter/journal.json"), *book.glob(".bookiter/kept-*")]


def require_agreement(moment: Moment, book: Path) -> None:
    """The branch, the files, the histories and the candidates tell the same story."""
    own = {" M treatment/treatment.md", "A  notes.md"} if (moment.book / "notes.md").exists() else set()
    applied = {f" M {path}" for path in moment.texts} if moment.command[0] in ("commit", "apply") else set()
    status = set(git(book, "status", "--porcelain").splitlines())
    assert own <= status <= own | applied, status
    said = git(book, "log", "--format=%(trailers:key=Bookiter-Iteration,valueonly)").split()
    told = {
        entry["iteration"]
        for name in git(book, "ls-files", "*iteration_history.json").split()
        for entry in json.loads(git(book, "show", f"HEAD:{name}"))["iterations"]
    }
    assert len(set(said)) == len(said)
    assert set(said) == told
    refs = git(book, "for-each-ref", "--format=%(refname)", "refs/bookiter").split()
    states = {ref.rpartition("/")[2]: ref.split("/")[2] for ref in refs if "/locked/" not in ref}
    assert set(moment.ids) <= set(states), "a candidate is lost"
    if moment.command[0] == "accept":
        new = all(_text(book, path) == allowed[-1] for path, allowed in moment.texts.items())
        assert {states[name] for name in moment.ids} == {"accepted" if new else "candidates"}
    git(book, "fsck", "--no-dangling", "--no-progress")


def _text(book: Path, path: str) -> str | None:
    place = book / path
    return place.read_bytes().decode("utf-8") if place.exists() else None


def points_to_try(points: Sequence[str]) -> list[int]:
    """Return the numbers of points that differ in what has been written: not both after one and before the next."""
    return [at for at, name in enumerate(points) if not name.startswith("after ") or at == len(points) - 1]


def points_to_fail(points: Sequence[str]) -> list[int]:
    """Return the numbers of points at which a call can fail."""
    return [at for at, name in enumerate(points) if name.startswith(("before ", "half "))]
