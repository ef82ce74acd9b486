"""Candidates: commits beside the branch, moved and dropped only by whoever saw them last."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bookiter.errors import InvalidInput, NotReady
from bookiter.store import candidates
from bookiter.store.repo import GitFailed, Repository, open_repository
from support.book import git, make_book

ONE, TWO = "20260101-120000-aaaaaa", "20260101-120001-aabbcc"
CHAPTER = "chapters/chapter-01.md"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


@pytest.fixture
def repo(book: Path) -> Iterator[Repository]:
    with open_repository(book) as opened:
        yield opened


def kept(repo: Repository, name: str = ONE, text: bytes = b"new\n", **said: str) -> candidates.Candidate:
    head = str(repo.head())
    trailers = {"Candidate": name, "Base": head, "Level": "prose", "Verdict": "approved", "Attempts": "2", **said}
    message = f'Subject: of it\n\n{{"a": "}}{{"}}\n\n{candidates.trailers_of(trailers)}'
    candidates.keep(repo, name, head, {CHAPTER: text}, message)
    return candidates.find(repo, name)


def test_keeping_one_moves_neither_branch_index_nor_files(repo: Repository, book: Path) -> None:
    (book / CHAPTER).write_text("my own edit, not committed\n", encoding="utf-8")
    git(book, "add", CHAPTER)
    before = git(book, "status", "--porcelain=v2", "--branch")
    found = kept(repo)
    assert git(book, "status", "--porcelain=v2", "--branch") == before
    assert git(book, "show", f"{found.commit}:{CHAPTER}") == "new\n"
    assert (found.state, found.level, found.verdict, found.attempts) == ("open", "prose", "approved", 2)


def test_the_record_comes_back_as_it_was_kept(repo: Repository) -> None:
    assert candidates.record_of(repo, kept(repo)) == '{"a": "}{"}'


def test_an_id_is_found_by_its_end_and_an_ambiguous_one_names_all(repo: Repository) -> None:
    kept(repo)
    kept(repo, TWO)
    assert candidates.find(repo, "abbcc").id == TWO
    with pytest.raises(InvalidInput) as ambiguous:
        candidates.find(repo, "20260101")
    assert ambiguous.value.details["candidates"] == [ONE, TWO]
    for name in ("", "aa", "nothing", "refs/bookiter/candidates", "--all", f"../{ONE}"):
        with pytest.raises(InvalidInput):
            candidates.find(repo, name)


def test_an_id_is_given_once(repo: Repository) -> None:
    kept(repo)
    with pytest.raises(GitFailed):
        kept(repo, text=b"another\n")


def test_one_that_somebody_else_decided_meanwhile_is_not_moved_again(repo: Repository) -> None:
    seen = kept(repo)
    candidates.move(repo, seen, "rejected")
    with pytest.raises(NotReady, match="decided by somebody else"):
        candidates.move(repo, seen, "accepted")
    assert [each.state for each in candidates.listed(repo)] == ["rejected"]


def test_one_that_changed_since_it_was_listed_is_not_dropped_nor_are_the_others(repo: Repository) -> None:
    seen, other = kept(repo), kept(repo, TWO)
    candidates.move(repo, seen, "rejected")
    with pytest.raises(GitFailed):
        candidates.drop(repo, [other, seen])
    assert len(candidates.listed(repo)) == 2


def test_a_lock_stays_with_a_candidate_whatever_its_state(repo: Repository) -> None:
    candidates.lock(repo, kept(repo), locked=True)
    candidates.move(repo, candidates.find(repo, ONE), "rejected")
    assert candidates.find(repo, ONE).locked
    candidates.lock(repo, candidates.find(repo, ONE), locked=False)
    assert not candidates.find(repo, ONE).locked


@pytest.mark.parametrize(
    ("target", "says"),
    [("HEAD:chapters", "tree"), ("HEAD", "not its own"), ("1" * 40, "missing")],
    ids=["a ref to a tree", "a ref to another commit", "a ref to nothing"],
)
def test_a_hand_edited_ref_is_told_and_hides_no_other(repo: Repository, book: Path, target: str, says: str) -> None:
    kept(repo)
    known = git(book, "rev-parse", target).strip() if target.startswith("HEAD") else target
    place = book / ".git/refs/bookiter/candidates" / TWO
    place.write_text(known + "\n", encoding="ascii")
    found = {each.id: each for each in candidates.listed(repo)}
    assert found[ONE].damage == ""
    assert says in found[TWO].damage
    with pytest.raises(NotReady, match="cannot be used"):
        candidates.record_of(repo, found[TWO])


def test_refs_with_other_names_are_no_candidates(repo: Repository, book: Path) -> None:
    for name in ("candidates/latest", "candidates/x/20260101-120000-aaaaaa", "elsewhere/20260101-120000-aaaaaa"):
        git(book, "update-ref", f"refs/bookiter/{name}", "HEAD")
    assert candidates.listed(repo) == []


def test_a_candidate_made_in_a_linked_worktree_is_seen_in_all(repo: Repository, book: Path, tmp_path: Path) -> None:
    git(book, "worktree", "add", "-q", str(tmp_path / "other"))
    with open_repository(tmp_path / "other") as other:
        kept(other)
    assert [each.id for each in candidates.listed(repo)] == [ONE]
    assert git(tmp_path / "other", "status", "--porcelain") == ""


@pytest.mark.parametrize(
    "setting", ["index.version=4", "core.splitIndex=true", "core.autocrlf=true", "feature.manyFiles=true"]
)
def test_a_candidate_holds_what_git_would_have_committed(repo: Repository, book: Path, setting: str) -> None:
    git(book, "config", *setting.split("="))
    git(book, "update-index", "--refresh", check=False)
    text = b"one\r\ntwo\r\n" if "autocrlf" in setting else b"one\ntwo\n"
    found = kept(repo, text=text)
    (book / CHAPTER).write_bytes(text)
    git(book, "commit", "-qam", "By hand")
    assert git(book, "rev-parse", f"HEAD:{CHAPTER}") == git(book, "rev-parse", f"{found.commit}:{CHAPTER}")
    assert git(book, "rev-parse", "HEAD^{tree}") == git(book, "rev-parse", f"{found.commit}^{{tree}}")


def test_the_mode_of_a_file_stays(repo: Repository, book: Path) -> None:
    git(book, "update-index", "--chmod=+x", CHAPTER)
    git(book, "commit", "-qm", "Executable")
    assert git(book, "ls-tree", kept(repo).commit, CHAPTER).startswith("100755")
