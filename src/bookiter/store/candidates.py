"""Candidates: commits under refs of their own, made without touching index or working tree.

    refs/bookiter/candidates/<id>   open: nobody has decided yet
    refs/bookiter/accepted/<id>     its change is on the branch; kept while something was made from it
    refs/bookiter/rejected/<id>     turned down; collected soon
    refs/bookiter/locked/<id>       never collected, whatever its state

A candidate's id is that of the run that made it. Its commit's message holds all that accepting it needs, so that it
outlives the run's folder; what a ref holds is untrusted all the same, and read strictly.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bookiter.errors import InvalidInput, NotReady
from bookiter.store.objects import commit_files
from bookiter.store.repo import GitFailed, Repository

State = Literal["open", "accepted", "rejected"]
_ROOT = "refs/bookiter"
_FOLDERS: dict[State, str] = {"open": "candidates", "accepted": "accepted", "rejected": "rejected"}
_LOCKED = "locked"
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_RECORD = re.compile(r"^(\{.*\})$", re.M)
_ALL_TRAILERS = "trailers:only=true,unfold=true,separator=%x01"


@dataclass(frozen=True)
class Candidate:
    """One candidate as its ref and trailers tell it; ``created`` in seconds since 1970.

    ``base`` is the commit of the branch that it was made from in the end, ``parent`` the candidate it was made from;
    both are "" when unknown. ``failed`` tells that code found fault with it, so that no judge saw it.
    """

    id: str
    commit: str
    state: State
    created: int
    base: str = ""
    parent: str = ""
    level: str = ""
    verdict: str = ""
    attempts: int = 0
    feedback: str = ""
    subject: str = ""
    failed: bool = False
    locked: bool = False
    damage: str = ""

    @property
    def ref(self) -> str:
        return f"{_ROOT}/{_FOLDERS[self.state]}/{self.id}"

    @property
    def short(self) -> str:
        """The end of the id, which is enough to name it by."""
        return self.id[-6:]


def trailers_of(values: Mapping[str, str]) -> str:
    """Return the trailers of a candidate's commit; empty ones are left out."""
    return "".join(f"Bookiter-{name}: {value}\n" for name, value in values.items() if value)


def keep(  # noqa: PLR0913, PLR0917 - what a commit is made of
    repo: Repository, name: str, parent: str, files: Mapping[str, bytes | None], message: str, replaces: str = ""
) -> str:
    """Make a candidate's commit and its ref; return the commit's id.

    ``replaces`` is the commit that had the id before. Raises GitFailed when that is another one, or the id is taken.
    """
    commit = commit_files(repo, parent, files, message)
    _update(repo, [(f"{_ROOT}/{_FOLDERS['open']}/{name}", commit, replaces)])
    return commit


def listed(repo: Repository) -> list[Candidate]:
    """Return every candidate, newest first; one whose ref or commit is not as bookiter made it carries its damage."""
    lines = _refs(repo)
    locked = {line[0].rpartition("/")[2] for line in lines if line[0].startswith(f"{_ROOT}/{_LOCKED}/")}
    found = [candidate for line in lines if (candidate := _candidate(line, locked)) is not None]
    return sorted(found, key=lambda candidate: (candidate.id, candidate.state), reverse=True)


def find(repo: Repository, name: str) -> Candidate:
    """Return the candidate of an id, or of a beginning or end of one. Raises InvalidInput when there is none or several."""
    known = listed(repo)
    found = [c for c in known if c.id == name] or [
        c for c in known if len(name) >= 3 and (c.id.startswith(name) or c.id.endswith(name))
    ]
    by_id = {c.id: c for c in found}
    if len(by_id) == 1:
        return found[0]
    if by_id:
        raise InvalidInput(
            f"{name} may be any of {len(by_id)} candidates: {', '.join(sorted(by_id)[:5])}.",
            hint="Give more of the id.",
            details={"candidates": sorted(by_id)},
        )
    raise InvalidInput(
        f"there is no candidate {name!r}.", hint="`bookiter candidates` lists them.", details={"candidate": name}
    )


def message_of(repo: Repository, candidate: Candidate) -> str:
    """Return the message of a candidate's commit."""
    return repo.run("cat-file", "commit", candidate.commit).decode("utf-8", "replace").partition("\n\n")[2]


def record_of(repo: Repository, candidate: Candidate) -> str:
    """Return the JSON that was kept with a candidate. Raises NotReady when it is damaged or holds none."""
    require_sound(candidate)
    found = _RECORD.search(message_of(repo, candidate))
    if found is None:
        raise NotReady(
            f"candidate {candidate.short} holds no record, so it was not made by bookiter.",
            hint=f"`git show {candidate.commit[:9]}` shows what it is; `bookiter reject {candidate.short}` puts it away.",
        )
    return found[1]


def require_sound(candidate: Candidate) -> None:
    """Raise NotReady when a candidate's ref is not as bookiter made it."""
    if candidate.damage:
        raise NotReady(
            f"candidate {candidate.short} cannot be used: {candidate.damage}.",
            hint=f"`bookiter reject {candidate.short}` puts it away; its texts are in .bookiter/runs/{candidate.id}.",
            details={"candidate": candidate.id},
        )


def parent_commit(repo: Repository, candidate: Candidate) -> str:
    """Return the commit that a candidate was made from. Raises NotReady when it is gone."""
    require_sound(candidate)
    try:
        out = repo.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{candidate.commit}^1^{{commit}}")
    except GitFailed:
        raise NotReady(
            f"the commit that candidate {candidate.short} was made from is gone.",
            hint="In a shallow clone, `git fetch --unshallow` may bring it back; else iterate anew.",
            details={"candidate": candidate.id},
        ) from None
    return out.decode().strip()


def settle(repo: Repository, name: str, state: State) -> None:
    """Move a candidate into a state; one that is there already, or gone, is left."""
    for candidate in listed(repo):
        if candidate.id == name and candidate.state != state:
            try:
                move(repo, candidate, state)
            except NotReady:  # a git that a killed bookiter left at work may have been faster
                if all(other.state != state for other in listed(repo) if other.id == name):
                    raise


def move(repo: Repository, candidate: Candidate, state: State) -> None:
    """Move a candidate into another state. Raises NotReady when somebody else has moved it meanwhile."""
    _decide(
        repo,
        candidate,
        [
            (candidate.ref, "", candidate.commit),
            (f"{_ROOT}/{_FOLDERS[state]}/{candidate.id}", candidate.commit, ""),
        ],
    )


def lock(repo: Repository, candidate: Candidate, *, locked: bool) -> None:
    """Keep a candidate from being collected, or no longer."""
    if locked != candidate.locked:
        new, old = (candidate.commit, "") if locked else ("", candidate.commit)
        _decide(repo, candidate, [(f"{_ROOT}/{_LOCKED}/{candidate.id}", new, old)])


def drop(repo: Repository, candidates: Iterable[Candidate]) -> None:
    """Remove candidates; each only if it is as it was listed. One that changed meanwhile keeps all of them."""
    _update(repo, [(candidate.ref, "", candidate.commit) for candidate in candidates])


def _decide(repo: Repository, candidate: Candidate, changes: list[tuple[str, str, str]]) -> None:
    try:
        _update(repo, changes)
    except GitFailed as error:
        raise NotReady(
            f"candidate {candidate.short} was decided by somebody else meanwhile: {error.message}",
            hint="`bookiter candidates` shows how it stands.",
        ) from error


def _update(repo: Repository, changes: Sequence[tuple[str, str, str]]) -> None:
    """Change refs in one transaction, each only if it holds what it should: (ref, new, old), "" for none."""
    lines = [
        f"create {ref}\0{new}\0" if not old else f"update {ref}\0{new}\0{old}\0" if new else f"delete {ref}\0{old}\0"
        for ref, new, old in changes
    ]
    if lines:
        repo.run("update-ref", "--no-deref", "-z", "--stdin", stdin="".join(lines).encode())


def _refs(repo: Repository) -> list[list[str]]:
    # All trailers in one field: git before 2.44 gives several fields of trailers the same content.
    fields = ("refname", "objectname", "objecttype", "committerdate:unix", "subject", _ALL_TRAILERS)
    form = "%00".join(f"%({field})" for field in fields)
    try:
        out = repo.run("for-each-ref", f"--format={form}", _ROOT)
    except GitFailed:  # a ref to an object that is not there makes git give up on all of them
        return _refs_one_by_one(repo, form)
    return _lines(out)


def _refs_one_by_one(repo: Repository, form: str) -> list[list[str]]:
    found: list[list[str]] = []
    for name, commit in (
        line for line in _lines(repo.run("for-each-ref", "--format=%(refname)%00%(objectname)", _ROOT))
    ):
        try:
            found += _lines(repo.run("for-each-ref", f"--format={form}", name))
        except GitFailed:
            found.append([name, commit, "missing", "", "", ""])
    return found


def _lines(out: bytes) -> list[list[str]]:
    return [line.split("\0") for line in out.decode("utf-8", "replace").split("\n") if line]


def _candidate(fields: list[str], locked: set[str]) -> Candidate | None:
    ref, commit, kind, created, subject, trailers = fields
    folder, _, name = ref.removeprefix(_ROOT + "/").rpartition("/")
    states = {where: state for state, where in _FOLDERS.items()}
    if folder not in states or not ID.fullmatch(name):
        return None
    pairs = (line.partition(": ") for line in trailers.split("\1"))
    said = {key.removeprefix("Bookiter-"): value.strip() for key, _, value in pairs}
    damage = ""
    if kind != "commit":
        damage = "its commit is missing" if kind == "missing" else f"its ref leads to a {kind} instead of a commit"
    elif said.get("Candidate") != name:
        damage = "its ref leads to a commit that is not its own"
    attempts = said.get("Attempts", "")
    return Candidate(
        id=name,
        commit=commit,
        state=states[folder],
        created=int(created) if created.isdigit() else 0,
        base=said.get("Base", ""),
        parent=said.get("Parent", ""),
        level=said.get("Level", ""),
        verdict=said.get("Verdict", ""),
        attempts=int(attempts) if attempts.isdigit() else 0,
        feedback=said.get("Feedback", ""),
        subject=subject,
        failed=said.get("Failed", "") == "checks",
        locked=name in locked,
        damage=damage,
    )
