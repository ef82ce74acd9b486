"""What code can decide about a change before any model is asked: scope, losses, placeholders, chatter, length, locks."""

import re
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase

from bookiter.manuscript.book import Book
from bookiter.patch.fold import fold_words
from bookiter.stages.change import Change, FileChange
from bookiter.stages.documents import Finding, Intent
from bookiter.text import one_line, paragraphs, words

_NOUN = r"(?:chapter|scene|text|story|file|document|section|paragraphs?|dialogue|content|lines?|part)"
_WHAT = (
    rf"(?:(?:rest|remainder)(?:\s+of\s+(?:the\s+|this\s+)?{_NOUN})?|everything\s+else|\d+\s+paragraphs?|"
    rf"(?:remaining|previous|existing|original|other)\s+{_NOUN})"
)
_KEPT = (
    r"(?:(?:is\s+|are\s+|remains?\s+|stays?\s+)?(?:unchanged|(?:the\s+)?same|omitted|as\s+before|not\s+shown)|"
    r"continues?(?:\s+(?:here|below|unchanged|as\s+before))?)"
)
_PLACEHOLDER = re.compile(
    # in brackets, stars or after dots: [... rest of chapter unchanged ...], (rest unchanged), [Previous scene continues here]
    rf"[\[(<{{*…]\s*(?:\.{{3}}|…)?\s*(?:(?i:the)\s+)?(?i:{_WHAT}\W+{_KEPT})\s*(?:\.{{3}}|…|\.)?\s*(?:[\])>}}*]|$)|"
    rf"(?i:\[[^\]\n]{{0,40}}\b{_NOUN}\s+(?:goes\s+|continues\s+)?(?:here|above|below)\b[^\]\n]{{0,20}}\])|"
    # on a line of its own
    r"(?i:^\W*(?:\.{3}|…)\s*\(?(?:unchanged|continued?|continues|omitted|snip(?:ped)?)\)?\W*$)|"
    rf"(?i:^\W*(?:the\s+)?(?:rest|remainder)\s+of\s+(?:the\s+|this\s+)?{_NOUN}\b\W*{_KEPT}\W*$)|"
    r"^[ \t]*(?:\[(?:\.{3}|…)\]|\((?:\.{3}|…)\))[ \t]*\r?$|"
    r"\[(?i:insert|todo|tbd|placeholder|continue)\b[^\]\n]*\]|\bTODO:|(?i:\blorem ipsum\b)",
    re.M,
)
_ABOUT_THE_EDIT = (
    r"\b(?:revis\w+|rewr\w+|updated?|edit\w*|changes?|version|chapter|text|request\w*|adjust\w*|dialogue)\b"
)
_CHATTER = re.compile(
    r"\A[*_\s]*(?:(?:sure|certainly|of course|absolutely|okay|ok)[,!.]?\s+)?"
    r"(?:here(?:’|'| i)s|here are|below is|i(?:’|')ve|i have)\b"
    rf"[^\n]{{0,120}}{_ABOUT_THE_EDIT}[^\n]{{0,80}}[:.!]?[*_]*\s*\n|"
    r"\A\W*(?:i(?:’|')m sorry, but|i cannot (?:help|assist|comply|fulfil))\b|"
    rf"\n[*_(\s]*(?:let me know|feel free to|would you like me to|i hope this)\b[^\n]{{0,80}}{_ABOUT_THE_EDIT}[^\n]*\s*\Z|"
    r"\bas an ai (?:language )?model\b",
    re.I,
)
_LOCK = re.compile(r"<!--\s*bookiter:lock\s*-->.*?(?:<!--\s*bookiter:unlock\s*-->|\Z)", re.S | re.I)
_SHRINK = re.compile(
    r"\b(?:shorten|shorter|trim|condense|tighten|halve|compress|summari[sz]e|brief(?:er)?|abridge)\b|"
    r"\b(?:cut|remove|delete|drop|lose|strike|take\s+out)\b[^.!?]{0,40}?\b(?:chapter|scenes?|paragraphs?|passages?|text|sections?|parts?|"
    r"lines?|sentences?|dialogue|half|quarter|third|words?|it)\b",
    re.I,
)
_GROW = re.compile(
    r"\b(?:expand|longer|lengthen|extend|double|triple|flesh|elaborate|add|insert|append|more|write|draft)\b", re.I
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.S)

# What a reader would miss if it went: each pattern's matches are counted before and after.
_STRUCTURE = {
    "headings": re.compile(r"^ {0,3}#{1,6}[ \t]+\S.*$", re.M),
    "scene breaks": re.compile(
        r"^[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|#|⁂|~{3,})[ \t]*\r?$", re.M
    ),
    "links": re.compile(r"(?<!!)\[[^\]\n]+\]\([^)\n]+\)"),
    "images": re.compile(r"!\[[^\]\n]*\]\([^)\n]+\)"),
    "notes": re.compile(r"\[\^[^\]\s]+\]"),
    "code blocks": re.compile(r"^(?:`{3,}|~{3,})", re.M),
    "quoted blocks": re.compile(r"(?:^ {0,3}>.*\n?)+", re.M),
}
_SMALL = 100
_CURLY = re.compile(r"[“”‘’]")
# Not after a digit: 6'2" and 52° 4' are feet, inches and minutes.
_STRAIGHT = re.compile(r"(?<!\d)[\"']")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]")
# Of a part that is written anew more may go than of one that is patched.
_ANEW = 0.3


def check(book: Book, intent: Intent, change: Change) -> tuple[Finding, ...]:
    """Return everything that is wrong with a change; an empty result lets it go to the judge."""
    if not change:
        return (Finding(check="no_change", message="nothing changed"),)
    return tuple(finding for file in change.files for finding in _of_file(book, intent, file)) + tuple(
        _scope(book, intent, change)
    )


def _scope(book: Book, intent: Intent, change: Change) -> Iterable[Finding]:
    allowed = {target.path for target in intent.targets}
    for path in change.paths:
        if path not in allowed:
            yield Finding(check="scope", message=f"{path} is outside the target", path=path)
        elif any(fnmatchcase(path, pattern) for pattern in book.config.locked):
            yield Finding(check="locked", message=f"{path} is locked in the configuration", path=path)


def _of_file(book: Book, intent: Intent, file: FileChange) -> Iterable[Finding]:
    yield from _locked_passages(file)
    if not file.after.strip():
        yield Finding(check="emptied", message="nothing is left of the text", path=file.path)
        return
    if intent.editor == "builtin":
        # The edit is proven word by word by the judge stage; what it takes out was named by the author.
        return
    yield from _control_characters(file)
    yield from _placeholders(file)
    yield from _chatter(file)
    yield from _structure(intent, file)
    yield from _lost_paragraphs(book, intent, file)
    yield from _length(book, intent, file)
    yield from _quotes(intent, file)


def _locked_passages(file: FileChange) -> Iterable[Finding]:
    left = Counter(_LOCK.findall(file.after))
    for passage in _LOCK.findall(file.before):
        if not left[passage]:
            yield Finding(
                check="locked", message="a locked passage was changed", path=file.path, quote=one_line(passage, 120)
            )
        left[passage] -= 1


def _control_characters(file: FileChange) -> Iterable[Finding]:
    new = set(_CONTROL.findall(file.after)) - set(_CONTROL.findall(file.before))
    if new:
        shown = ", ".join(sorted(f"U+{ord(character):04X}" for character in new))
        yield Finding(
            check="control", message=f"invisible control characters came into the text: {shown}", path=file.path
        )


def _placeholders(file: FileChange) -> Iterable[Finding]:
    known = Counter(match[0] for match in _PLACEHOLDER.finditer(file.before))
    for match in _PLACEHOLDER.finditer(file.after):
        known[match[0]] -= 1
        if known[match[0]] < 0:
            yield Finding(
                check="placeholder",
                message="a placeholder stands where text should be",
                path=file.path,
                quote=one_line(match[0], 120),
            )


def _chatter(file: FileChange) -> Iterable[Finding]:
    found = _CHATTER.search(file.after)
    if found and not _CHATTER.search(file.before):
        yield Finding(
            check="chatter",
            message="a remark of the model stands in the text",
            path=file.path,
            quote=one_line(found[0], 120),
        )


def _structure(intent: Intent, file: FileChange) -> Iterable[Finding]:
    if bool(_FRONT_MATTER.match(file.before)) and not _FRONT_MATTER.match(file.after):
        yield Finding(check="structure", message="the front matter is gone", path=file.path)
    for name, pattern in _STRUCTURE.items():
        before, after = len(pattern.findall(file.before)), len(pattern.findall(file.after))
        if after < before and not _asks_for_loss(intent, name):
            yield Finding(check="structure", message=f"{name}: {before} before, {after} now", path=file.path)
        if name == "code blocks" and after > before and "code" not in intent.request.lower():
            yield Finding(check="chatter", message="a code fence stands in the text", path=file.path)


def _asks_for_loss(intent: Intent, name: str) -> bool:
    singular = re.escape(name.removesuffix("s"))
    return intent.intent_type == "remove" or bool(re.search(rf"\b{singular}s?\b", intent.request, re.I))


def _lost_paragraphs(book: Book, intent: Intent, file: FileChange) -> Iterable[Finding]:
    if intent.intent_type in ("remove", "regenerate") or _SHRINK.search(intent.request):
        return
    before, after = _keys(file.before), _keys(file.after)
    kept = Counter(key for _, key in after)
    gone = []
    for text, key in before:
        kept[key] -= 1
        if kept[key] < 0:
            gone.append((text, key))
    new = [key for key, count in kept.items() if count > 0]
    lost = [text for text, key in gone if not any(_akin(key, other) for other in new)]
    # A paragraph written anew in the place of another is a change, not a loss.
    missing = max(0, len(gone) - sum(kept[key] for key in new))
    share = (
        max(_ANEW, book.config.checks.lost_paragraphs)
        if intent.scale == "regenerate"
        else book.config.checks.lost_paragraphs
    )
    allowed = 0 if intent.intent_type == "add" else max(1, int(len(before) * share))
    if lost and min(len(lost), missing) > allowed:
        yield Finding(
            check="lost_paragraphs",
            message=f"{min(len(lost), missing)} of {len(before)} paragraphs vanished without having been asked for",
            path=file.path,
            quote=one_line(lost[0], 120),
        )


def _keys(text: str) -> list[tuple[str, frozenset[str]]]:
    return [(p.text, frozenset(word.casefold() for word in fold_words(p.text))) for p in paragraphs(text)]


def _akin(one: frozenset[str], other: frozenset[str]) -> bool:
    """Half of the words are enough: an edited paragraph is not a lost one."""
    return len(one & other) * 2 >= len(one)


def _length(book: Book, intent: Intent, file: FileChange) -> Iterable[Finding]:
    before, after = len(words(file.before)), len(words(file.after))
    if before < _SMALL:
        return
    limits = book.config.checks
    if after < before * limits.shortest and not _SHRINK.search(intent.request):
        yield Finding(check="length", message=f"the text shrank from {before:,} to {after:,} words", path=file.path)
    if after > before * limits.longest and not _GROW.search(intent.request):
        yield Finding(check="length", message=f"the text grew from {before:,} to {after:,} words", path=file.path)


def _quotes(intent: Intent, file: FileChange) -> Iterable[Finding]:
    if "quot" in intent.request.lower():
        return
    curly, straight = len(_CURLY.findall(file.before)), len(_STRAIGHT.findall(file.before))
    more = len(_STRAIGHT.findall(file.after)) - straight
    if curly > 10 * straight and curly >= 10 and more > 0:
        yield Finding(
            check="quote_style", message=f"{more} straight quotes in a text that has curly ones", path=file.path
        )
