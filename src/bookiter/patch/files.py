"""Apply a reply to one text or to several files: everything or nothing."""

from collections.abc import Mapping

from bookiter.patch.engine import apply_hunks
from bookiter.patch.model import Applied, FilePatch, Hunk
from bookiter.patch.names import named, resolve_path
from bookiter.patch.refusal import Finding, PatchRefused, refuse
from bookiter.patch.reply import read_reply


def apply_patch(original: str, diff: str, *, reverse: bool = False, path: str = "text") -> Applied:
    """Apply a model's diff to one text, exactly or not at all.

    ``path`` is the name the canonical diff of the result gives the file. Raises :class:`PatchRefused`, also for a
    reply that addresses several different files.
    """
    patches = read_reply(diff)
    names = {name.rsplit("/", 1)[-1] for patch in patches if (name := named(patch))}
    if len(names) > 1:
        raise refuse("other_file", f"the reply changes several files: {', '.join(sorted(names))[:300]}")
    hunks = [hunk for patch in patches for hunk in patch.hunks]
    repairs = [repair for patch in patches for repair in patch.repairs]
    return apply_hunks(original, hunks, reverse=reverse, path=path, repairs=repairs)


def apply_files(files: Mapping[str, str], reply: str, *, reverse: bool = False) -> dict[str, Applied]:
    """Apply a reply to the files it names, all or none; the keys of ``files`` are all that may be changed.

    Returns what became of each file the reply names. Raises :class:`PatchRefused` with the findings of every file.
    """
    grouped: dict[str, list[FilePatch]] = {}
    for patch in read_reply(reply):
        grouped.setdefault(resolve_path(patch, files.keys()), []).append(patch)
    done: dict[str, Applied] = {}
    findings: list[Finding] = []
    applied_before = True
    for path, patches in grouped.items():
        hunks: list[Hunk] = [hunk for patch in patches for hunk in patch.hunks]
        repairs = [repair for patch in patches for repair in patch.repairs]
        try:
            done[path] = apply_hunks(files[path], hunks, reverse=reverse, path=path, repairs=repairs)
        except PatchRefused as refused:
            findings += refused.findings
            applied_before = applied_before and refused.status == "already_applied"
    if findings:
        raise PatchRefused(findings, status="already_applied" if applied_before and not done else "refused")
    return done
