"""What a model leaves behind that is no part of the book: placeholders, remarks, fences, machinery, control characters."""

import re
from collections import Counter
from collections.abc import Iterable

from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.text import one_line

_NOUN = r"(?:chapter|scene|text|story|file|document|section|paragraphs?|dialogue|content|lines?|part)"
_WHAT = (
    rf"(?:(?:rest|remainder)(?:\s+of\s+(?:the\s+|this\s+)?{_NOUN})?|everything\s+else|\d+\s+paragraphs?|"
    rf"(?:remaining|previous|existing|original|other)\s+{_NOUN})"
)
_UNCHANGED = (
    r"(?:(?:is\s+|are\s+|remains?\s+|stays?\s+)?(?:unchanged|(?:the\s+)?same|omitted|as\s+before|not\s+shown)|"
    r"continues?(?:\s+(?:here|below|unchanged|as\s+before))?)"
)
_PLACEHOLDER = re.compile(
    # in brackets, stars or after dots: [... rest of chapter unchanged ...], (rest unchanged), [Previous scene continues here]
    rf"[\[(<{{*…]\s*(?:\.{{3}}|…)?\s*(?:(?i:the)\s+)?(?i:{_WHAT}\W+{_UNCHANGED})\s*(?:\.{{3}}|…|\.)?\s*(?:[\])>}}*]|$)|"
    rf"(?i:\[[^\]\n]{{0,40}}\b{_NOUN}\s+(?:goes\s+|continues\s+)?(?:here|above|below)\b[^\]\n]{{0,20}}\])|"
    # on a line of its own
    r"(?i:^\W*(?:\.{3}|…)\s*\(?(?:unchanged|continued?|continues|omitted|snip(?:ped)?)\)?\W*$)|"
    rf"(?i:^\W*(?:the\s+)?(?:rest|remainder)\s+of\s+(?:the\s+|this\s+)?{_NOUN}\b\W*{_UNCHANGED}\W*$)|"
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
_MACHINERY = re.compile(
    r"^(?:<{7}|>{7})(?: .*)?$|^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|^(?:---|\+\+\+) [ab]/\S|</?(?:think|thinking|answer)>|"
    r"<\|[\w-]{2,20}\|>|\[/?INST\]",
    re.M,
)
_FENCE = re.compile(r"^(?:`{3,}|~{3,})", re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]")


def left_behind(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield what stands in the new text and belongs to no book."""
    yield from _control_characters(file)
    yield from _more(file, _PLACEHOLDER, "placeholder", "a placeholder stands where text should be")
    yield from _more(file, _MACHINERY, "chatter", "a mark of a diff or of a model's answer stands in the text")
    found = _CHATTER.search(file.after)
    if found and not _CHATTER.search(file.before):
        message = "a remark of the model stands in the text"
        yield Finding(check="chatter", message=message, path=file.path, quote=one_line(found[0], 120))
    if len(_FENCE.findall(file.after)) > len(_FENCE.findall(file.before)) and not asked.says("code|listing"):
        yield Finding(check="chatter", message="a code fence stands in the text", path=file.path)


def _control_characters(file: FileChange) -> Iterable[Finding]:
    new = set(_CONTROL.findall(file.after)) - set(_CONTROL.findall(file.before))
    if new:
        shown = ", ".join(sorted(f"U+{ord(character):04X}" for character in new))
        yield Finding(
            check="control", message=f"invisible control characters came into the text: {shown}", path=file.path
        )


def _more(file: FileChange, pattern: re.Pattern[str], check: str, message: str) -> Iterable[Finding]:
    known = Counter(match[0] for match in pattern.finditer(file.before))
    for match in pattern.finditer(file.after):
        known[match[0]] -= 1
        if known[match[0]] < 0:
            yield Finding(check=check, message=message, path=file.path, quote=one_line(match[0], 120))
