"""Paragraphs that went without having been asked for: whole ones, the last ones, and the second half of each."""

from collections.abc import Iterable

from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.stages.pairing import Pairing, Passage
from bookiter.text import one_line

# Of a part that is written anew more may go than of one that is patched.
_ANEW = 0.3
_LONG = 12
_SURE = 0.5
_CUT, _MOSTLY_OLD = 0.7, 0.85
_SHRUNK = 0.6
_MANY, _SHARE_CUT, _SHARE_SHRUNK = 3, 0.15, 0.5
_ENDS = ".!?…:;\"'”’»)]}*_>|~`—–-⁂\\"


def vanished(file: FileChange, pairing: Pairing, asked: Asked, share: float) -> Iterable[Finding]:
    """Yield a finding when more paragraphs vanished than may, or when the text breaks off."""
    if asked.removes or asked.anew or asked.shrinks:
        return
    lost = pairing.lost
    allowed = 0 if asked.adds else max(1, int(len(pairing.old) * (max(_ANEW, share) if asked.rewritten else share)))
    if len(lost) > allowed:
        yield Finding(
            check="lost_paragraphs",
            message=f"{len(lost)} of {len(pairing.old)} paragraphs vanished without having been asked for",
            path=file.path,
            quote=one_line(pairing.old[lost[0]].text, 120),
        )
    elif not asked.ends:
        yield from _broken_off(file, pairing, asked)


def _broken_off(file: FileChange, pairing: Pairing, asked: Asked) -> Iterable[Finding]:
    tail = _lost_tail(pairing)
    if len(tail) > 1 or (tail and not asked.rewritten and len(tail[0].words) >= _LONG):
        message = (
            f"the text breaks off: the last {len(tail)} paragraphs are missing"
            if len(tail) > 1
            else ("the text breaks off: the last paragraph is missing")
        )
        yield Finding(check="lost_paragraphs", message=message, path=file.path, quote=one_line(tail[0].text, 120))
    elif _ends_well(file.before) and not _ends_well(file.after) and pairing.new and len(pairing.new[-1].words) >= _LONG:
        quote = one_line(file.after.rstrip()[-100:], 120)
        yield Finding(
            check="lost_paragraphs",
            message="the text breaks off in the middle of a sentence",
            path=file.path,
            quote=quote,
        )


def _lost_tail(pairing: Pairing) -> list[Passage]:
    """Return the last paragraphs if all of them are lost and the one before them surely stayed where it was."""
    lost = set(pairing.lost)
    at = len(pairing.old)
    while at and at - 1 in lost:
        at -= 1
    before = at - 1
    sure = pairing.likeness.get(before, 1.0 if before in pairing.kept else 0.0) >= _SURE
    return list(pairing.old[at:]) if sure and not pairing.added else []


def _ends_well(text: str) -> bool:
    return text.rstrip()[-1:] in _ENDS


def cut_short(file: FileChange, pairing: Pairing, asked: Asked) -> Iterable[Finding]:
    """Yield a finding when the paragraphs themselves were cut down: by taking away, or to a summary of each."""
    if asked.removes or asked.anew or asked.shrinks:
        return
    long = [i for i, passage in enumerate(pairing.old) if len(passage.words) >= _LONG]
    cut = [i for i in long if i in pairing.changed and _is_cut(pairing.old[i], pairing.new[pairing.changed[i]])]
    shrunk = [i for i in long if i in pairing.changed and _is_shrunk(pairing.old[i], pairing.new[pairing.changed[i]])]
    found = max(cut, shrunk, key=len)
    if (len(cut) >= _MANY and len(cut) >= _SHARE_CUT * len(long)) or (
        len(shrunk) >= _MANY and len(shrunk) >= _SHARE_SHRUNK * len(long)
    ):
        yield Finding(
            check="lost_paragraphs",
            message=f"{len(found)} of {len(long)} longer paragraphs lost a third of their words or more",
            path=file.path,
            quote=one_line(pairing.new[pairing.changed[found[0]]].text, 120),
        )
    elif asked.adds and cut:
        yield Finding(
            check="lost_paragraphs",
            message="a paragraph was cut short, though something was to be added",
            path=file.path,
            quote=one_line(pairing.new[pairing.changed[cut[0]]].text, 120),
        )


def _is_cut(old: Passage, new: Passage) -> bool:
    """Tell whether words were taken away and hardly any came in their place."""
    stayed = sum(word in old.bag for word in new.words)
    return len(new.words) <= _CUT * len(old.words) and stayed >= _MOSTLY_OLD * len(new.words)


def _is_shrunk(old: Passage, new: Passage) -> bool:
    return len(new.words) <= _SHRUNK * len(old.words)
