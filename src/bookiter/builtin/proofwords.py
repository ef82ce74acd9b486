"""Proof of a rename or replacement: the old text read beside the new one, piece by piece.

The old text is cut at everything that looks like the old words in any case. Between the cuts both texts must be equal;
at a cut the new text must hold the old words or the new ones. Where it holds the old ones, there must be a reason.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bookiter.builtin.edits import Rename, Replace, shorten
from bookiter.builtin.machinery import machinery, merge, touches
from bookiter.builtin.markdown import line_number, markers
from bookiter.builtin.matching import DOUBLE_QUOTES, IGNORED, SINGLE_QUOTES, Span, fold
from bookiter.builtin.names import Possessive, bare_after_s, possessive
from bookiter.builtin.prooftext import differing

_OWNER = r"(?P<owner>['’][sS]?(?![^\W_]))?"


@dataclass(frozen=True)
class _Path:
    """One way of reading the new text so far: where it has got to, and what it took each cut for."""

    at: int
    last: "_Path | None" = None
    new: re.Match[str] | None = None  # the new words found at the last cut, None when the old ones stayed


@dataclass(frozen=True)
class _Spared:
    """Where the old words may stand: in machinery, and where they are part of the new words already."""

    hidden: tuple[Span, ...]
    settled: tuple[Span, ...]


def prove_words(edit: Rename | Replace, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Yield what speaks against ``after`` being ``before`` with the words exchanged and nothing else."""
    for path, old in before.items():
        cuts = list(_cuts(edit, old))
        choices = _aligned(edit, old, after[path], cuts)
        if choices is None:
            yield f"{path}: something else was changed too: {differing(old, after[path])}"
            continue
        hidden = merge([*machinery(old), *(markers(old) if _is_literal(edit) else ())])
        settled = (
            merge(found.span() for found in _pattern(edit.new, True).finditer(old)) if edit.old in edit.new else ()
        )
        for cut, new in zip(cuts, choices, strict=True):
            reason = _against(edit, old, cut, new, _Spared(hidden, settled))
            if reason:
                yield f"{path}:{line_number(old, cut.start())}: {reason}"


def _is_literal(edit: Rename | Replace) -> bool:
    return fold(edit.old).casefold() == fold(edit.new).casefold() or not any(char.isalnum() for char in edit.old)


def _is_exact(edit: Rename | Replace) -> bool:
    return fold(edit.old) == fold(edit.new) or not any(char.isalnum() for char in edit.old)


def _cuts(edit: Rename | Replace, text: str) -> Iterator[re.Match[str]]:
    if _is_exact(edit):
        return re.finditer(re.escape(edit.old) + "(?P<owner>)", text)
    return _pattern(edit.old, not _is_literal(edit)).finditer(text)


def _pattern(words: str, any_case: bool) -> re.Pattern[str]:
    """Return a generous pattern: letters with any marks, any space for a space, any sign of its family for a sign."""
    plain = re.sub(
        r"(?<=\S)\s*-{2,3}\s*(?=\S)|-{2,3}", "—", re.sub(r"\.\s?\.\s?\.", "…", unicodedata.normalize("NFC", words))
    )
    chars = re.sub(r"\s+", " ", plain)
    inner = [_sign(char, 0 < at < len(chars) - 1) for at, char in enumerate(chars)]
    return re.compile("".join(inner) + _OWNER, re.IGNORECASE if any_case else 0)


def _sign(char: str, inside: bool) -> str:
    if char == " ":
        return r"(?:[^\S\r\n]*\\?(?:\r\n|\n|\r(?!\n))[ \t>]*|[^\S\r\n]+)"
    if char.isalnum():
        return f"(?:{re.escape(char)}|{re.escape(unicodedata.normalize('NFD', char))})[{IGNORED}]*"
    if char == "…":
        return r"(?:…|\.\s?\.\s?\.)"
    if char in "—–":
        dash = r"(?:[—–―]|-{2,3}|(?<=\s)-(?=\s))"
        return rf"\s*{dash}\s*" if inside else dash
    family = next((family for family in (SINGLE_QUOTES, DOUBLE_QUOTES, "-‐‑") if char in family), char)
    return f"[{re.escape(family)}]"


def _aligned(
    edit: Rename | Replace, old: str, new: str, cuts: list[re.Match[str]]
) -> list[re.Match[str] | None] | None:
    replacement = re.compile(re.escape(edit.new) + _OWNER) if _is_exact(edit) else _pattern(edit.new, True)
    bare = re.compile(replacement.pattern[: -len(_OWNER)], re.IGNORECASE)
    paths, at = [_Path(0)], 0
    for cut in cuts:
        paths = [
            _Path(p.at + cut.start() - at, p.last, p.new) for p in paths if new.startswith(old[at : cut.start()], p.at)
        ]
        paths = list(_stepped(paths, cut, new, (replacement, bare)))
        at = cut.end()
        if not paths:
            return None
    ends = [path for path in paths if new[path.at :] == old[at:]]
    return _choices(ends[0], len(cuts)) if ends else None


def _stepped(
    paths: list[_Path], cut: re.Match[str], new: str, patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> Iterator[_Path]:
    """Yield each way to read one cut further; ways that end at the same place are one."""
    seen: set[int] = set()
    for path in paths:
        for found in (pattern.match(new, path.at) for pattern in patterns):
            if found and found.end() not in seen:
                seen.add(found.end())
                yield _Path(found.end(), path, found)
        if new.startswith(cut[0], path.at) and path.at + len(cut[0]) not in seen:
            seen.add(path.at + len(cut[0]))
            yield _Path(path.at + len(cut[0]), path, None)


def _choices(path: _Path | None, count: int) -> list[re.Match[str] | None]:
    choices: list[re.Match[str] | None] = []
    while path is not None and len(choices) < count:
        choices.append(path.new)
        path = path.last
    return choices[::-1]


def _against(
    edit: Rename | Replace, text: str, cut: re.Match[str], new: re.Match[str] | None, spared: "_Spared"
) -> str:
    """Return what is wrong with one cut, "" when nothing is."""
    words = _words(cut)
    span = (cut.start(), cut.start() + len(words))
    apart = _stands_apart(text, span) and not touches(spared.hidden, span)
    if new is not None and new[0] != cut[0]:
        if not apart and any(char.isalnum() for char in edit.old):
            return f"“{words}” was changed inside a longer word or in code, a link or front matter"
        return _case_against(edit, words, _words(new)) or _owner_against(edit, text, cut, new)
    if not apart or touches(spared.settled, span) or _is_other_name(text, span, edit) or not _is_form(edit, words):
        return ""
    return f"“{shorten(words)}” still stands here"


def _owner(found: re.Match[str]) -> str:
    return found.groupdict().get("owner") or ""


def _words(found: re.Match[str]) -> str:
    return found[0].removesuffix(_owner(found))


def _owner_against(edit: Rename | Replace, text: str, cut: re.Match[str], new: re.Match[str]) -> str:
    """The possessive stays, save that it gains or loses its s where the name loses or gains one."""
    was, now = _owner(cut), _owner(new)
    span = (cut.start(), cut.end() - len(was))
    due = possessive(text, span, edit.new, bare_after_s(text)) if was else Possessive()
    return "" if now == due.text + was[due.length :] else f"“{cut[0]}” became “{new[0]}”"


def _stands_apart(text: str, span: Span) -> bool:
    left, right = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    letters = text[span[0]].isalnum(), text[span[1] - 1].isalnum()
    return not ((letters[0] and left.isalnum()) or (letters[1] and right.isalnum()))


def _is_other_name(text: str, span: Span, edit: Rename | Replace) -> bool:
    """Tell whether the words are joined to others by a hyphen or an apostrophe, or are part of a row of the same sign."""
    left, right = text[max(0, span[0] - 2) : span[0]], text[span[1] : span[1] + 2]
    if not any(char.isalnum() for char in edit.old):
        return left[-1:] == edit.old[0] or right[:1] == edit.old[-1]
    return bool(re.fullmatch(r"[^\W_][-‐‑'’]", left) or re.fullmatch(r"[-‐‑][^\W_]", right))


def _is_form(edit: Rename | Replace, words: str) -> bool:
    plain, old = fold(words), fold(edit.old)
    raised = old[:1].upper() + old[1:]
    return plain == old or (not _is_literal(edit) and plain in {raised, old.upper()})


def _case_against(edit: Rename | Replace, old: str, new: str) -> str:
    if _is_literal(edit) or not edit.new[:1].isalpha():
        return ""
    letters = [char for char in old if char.isalpha()]
    upper = len(letters) > 1 and all(char.isupper() for char in letters) and not edit.old.isupper()
    if upper and not new.isupper():
        return f"“{old}” is in upper case and “{new}” is not"
    if old[:1].isupper() and not new[:1].isupper() and edit.old[:1].islower():
        return f"“{old}” has a capital and “{new}” has not"
    if not _is_form(edit, old):
        return f"“{old}” is no form of “{edit.old}”"
    return ""
