"""Proof that texts differ by an edit and by nothing else, got from the texts alone and not from how the edit was made."""

import re
from collections.abc import Callable, Iterator, Mapping

from bookiter.builtin.edits import Append, Delete, Edit, Insert, Prepend, Rename, Replace, Retitle, Rule, Typography
from bookiter.builtin.machinery import machinery
from bookiter.builtin.markdown import markers, read_page
from bookiter.builtin.matching import Span, fold
from bookiter.builtin.prooftext import differing, one_cut, spaces_doubled
from bookiter.builtin.proofwords import prove_words
from bookiter.builtin.titles import front_title, heading_span
from bookiter.builtin.typography import fixed

_SENTENCE_END = re.compile(r"[.!?…:][”’\"'»)\]*_]*\s*$")
_FORMS: dict[Rule, tuple[str, str]] = {
    "curly-quotes": (r"[\"']", r"[“”‘’]"),
    "straight-quotes": (r"[“”„‘’‚]", r"[\"']"),
    "em-dashes": (r"[ \t]*---?[ \t]*", r" ?— ?"),
    "en-dash-ranges": (r"(?<=\d)--?(?=\d)", r"–"),
    "ellipses": (r"\.\.\.", r"…"),
    "double-spaces": (r"(?<=\S)  +(?=\S)", r"(?<=\S) (?=\S)"),
}
_TURNED_IN = re.compile(r"[“‘]+(?:\s|$)")
_TURNED_OUT = re.compile(r"(?:^|[\s(\[])”(?=\w)")


def verify(edit: Edit, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Return what speaks against ``after`` being ``before`` with ``edit`` done and nothing else; empty when proven.

    A path missing from ``after`` counts as unchanged.
    """
    strange = [f"{path}: no such text before the edit" for path in after if path not in before]
    whole = {path: after.get(path, text) for path, text in before.items()}
    if all(whole[path] == text for path, text in before.items()):
        return (*strange, "nothing was changed")
    match edit:
        case Rename() | Replace():
            findings = prove_words(edit, before, whole)
        case Typography():
            findings = _typography(edit, before, whole)
        case Delete():
            findings = _one_text(before, whole, lambda path, old, new: _deletion(edit, path, old, new))
        case Insert() | Append() | Prepend():
            findings = _one_text(before, whole, lambda path, old, new: _insertion(edit, path, old, new))
        case Retitle():
            findings = _one_text(before, whole, lambda path, old, new: _title(edit, path, old, new))
        case _:
            raise TypeError(f"no edit: {edit!r}")
    return (*strange, *findings)


def _one_text(
    before: Mapping[str, str], after: Mapping[str, str], prove: Callable[[str, str, str], Iterator[str]]
) -> Iterator[str]:
    changed = [path for path in before if before[path] != after[path]]
    if len(changed) > 1:
        yield f"more than one text was changed: {', '.join(changed)}"
    yield from prove(changed[0], before[changed[0]], after[changed[0]])


def _deletion(edit: Delete, path: str, old: str, new: str) -> Iterator[str]:
    cut = one_cut(old, new)
    if cut is None:
        yield f"{path}: not one span was taken out: {differing(old, new)}"
        return
    cuts = [span for span in _slides(old, cut) if _names(edit, old[span[0] : span[1]])]
    if not cuts:
        yield f"{path}: what was taken out is not the {edit.kind} named: “{old[cut[0] : cut[1]].strip()}”"
    elif not any(_at_edges(edit, old, span) for span in cuts):
        yield f"{path}: the cut does not begin and end where a {edit.kind} does"
    if edit.text == edit.text.strip() and spaces_doubled(old, new):
        yield f"{path}: a double space was left"
    if edit.kind != "line" and _paragraphs(old) - _paragraphs(new) > 1 + len(re.findall(r"\n\s*\n", edit.text)):
        yield f"{path}: paragraphs were joined or lost"


def _at_edges(edit: Delete, text: str, cut: Span) -> bool:
    """Tell whether a cut begins and ends where its kind of thing may: whole lines, whole sentences, whole words."""
    if edit.kind == "passage":
        return True
    lines = _whole_lines(text, cut)
    if edit.kind == "sentence":
        return lines or _cut_at_sentence(text, cut)
    return lines and (edit.kind == "line" or not re.search(r"\n[ \t>]*\r?\n", text[cut[0] : cut[1]].strip()))


def _whole_lines(text: str, cut: Span) -> bool:
    start, end = cut
    starts = start == 0 or text[start - 1] in "\r\n\ufeff", end == len(text) or text[end - 1] in "\r\n"
    ends = text[start] in "\r\n", end == len(text) or text[end] in "\r\n"
    return all(starts) or all(ends)


def _slides(text: str, cut: Span) -> Iterator[Span]:
    """Yield every position of a cut that leaves the same text: “a b b” is “a b” without either b."""
    start, end = cut
    yield cut
    while start and text[start - 1] == text[end - 1]:
        start, end = start - 1, end - 1
        yield start, end
    start, end = cut
    while end < len(text) and text[start] == text[end]:
        start, end = start + 1, end + 1
        yield start, end


def _names(edit: Delete, cut: str) -> bool:
    marks = " \"'*_()[]>-"
    taken, wanted = fold(cut).strip(marks), re.sub(r"\.\.\.$", "", fold(edit.text)).strip(marks)
    if edit.kind == "passage":
        return taken == wanted
    taken = re.sub(r"^(?:\d+[.)]|[-*+]|#+)\s+", "", taken)
    if edit.match == "contains":
        return wanted in taken
    return taken.startswith(wanted) and (edit.match == "begins" or not taken[len(wanted) :].strip(marks + ".!?,;:\\"))


def _cut_at_sentence(text: str, cut: Span) -> bool:
    start, end = cut
    before = text[max(0, start - 20) : start].rstrip(" \t“‘\"'(*_")
    opens = (
        not before
        or before[-1] in "\r\n>\ufeff"
        or bool(_SENTENCE_END.search(before))
        or bool(re.search(r"[-*+.)]$", before))
    )
    after = text[end:].lstrip(" \t”’\"')*_")
    return opens and (not after or after[0] in "\r\n" or bool(_SENTENCE_END.search(text[start:end])))


def _paragraphs(text: str) -> int:
    return len([block for block in read_page(text).blocks if block.kind != "code"])


def _insertion(edit: Insert | Append | Prepend, path: str, old: str, new: str) -> Iterator[str]:
    cut = one_cut(new, old)
    if cut is None:
        yield f"{path}: not one span was put in: {differing(old, new)}"
        return
    if not any(fold(new[start:end]) == fold(edit.text) for start, end in _slides(new, cut)):
        yield f"{path}: what was put in is not what was asked for: “{new[cut[0] : cut[1]].strip()}”"
    elif not any(
        _beside(edit, new, span) for span in _slides(new, cut) if fold(new[span[0] : span[1]]) == fold(edit.text)
    ):
        yield f"{path}: it was not put where it should be"
    if edit.text == edit.text.strip() and spaces_doubled(old, new):
        yield f"{path}: a double space was made"


def _beside(edit: Insert | Append | Prepend, new: str, cut: Span) -> bool:
    left, right = new[: cut[0]], new[cut[1] :]
    if isinstance(edit, Append):
        return not any(block.kind not in {"definition", "front"} for block in read_page(right).blocks)
    if isinstance(edit, Prepend):
        return all(
            block.kind in {"front", "heading", "html"} or block.start == block.end
            for block in read_page(left.rstrip()).blocks
        ) or (not right.strip() or left.strip("\ufeff \t\r\n").startswith("<!--"))
    anchor = fold(re.sub(r"(?:…|\.\.\.)$", "", edit.anchor))
    side = left[-len(edit.anchor) * 2 - 5000 :] if edit.side == "after" else right[: len(edit.anchor) * 2 + 5000]
    if (
        edit.paragraph
        or edit.anchor_kind != "passage"
        or anchor in fold(_nearest_paragraph(side, edit.side)).replace("#", "")
    ):
        return anchor in fold(_nearest_paragraph(side, edit.side))
    near = fold(side)
    return (
        near.rstrip("\"'.!?)*_ ").endswith(anchor.rstrip("\"'.!?)*_ "))
        if edit.side == "after"
        else near.startswith(anchor)
    )


def _nearest_paragraph(text: str, side: str) -> str:
    parts = [part for part in re.split(r"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r(?!\n))", text) if part.strip()]
    return (parts[-1] if side == "after" else parts[0]) if parts else ""


def _title(edit: Retitle, path: str, old: str, new: str) -> Iterator[str]:
    pages = read_page(old), read_page(new)
    spans = [[span for span in (heading_span(page), front_title(page)) if span] for page in pages]
    if len(spans[0]) != len(spans[1]) or _without(old, spans[0]) != _without(new, spans[1]):
        yield f"{path}: more than the title was changed: {differing(old, new)}"
        return
    pairs = [
        (_plain_title(old[a:b]), _plain_title(new[c:d])) for (a, b), (c, d) in zip(*map(sorted, spans), strict=True)
    ]
    if not any(was != now for was, now in pairs) or not all(
        was == now or _is_titled(edit.title, was, now) for was, now in pairs
    ):
        yield f"{path}: the title is not “{edit.title}”"


def _plain_title(shown: str) -> str:
    unquoted = shown[1:-1] if shown[:1] == shown[-1:] and shown[:1] in {'"', "'"} and len(shown) > 1 else shown
    return fold(unquoted.replace('\\"', '"').replace("''", "'"))


def _is_titled(title: str, was: str, now: str) -> bool:
    """Tell whether a heading is the title, alone or behind the number that the old heading had."""
    label = now.removesuffix(fold(title)).rstrip(" :.|-")
    return now.endswith(fold(title)) and (not now.removesuffix(fold(title)) or (bool(label) and was.startswith(label)))


def _without(text: str, spans: list[Span]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + "\0" + text[end:]
    return text


def _typography(edit: Typography, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for path, old in before.items():
        new = after[path]
        if old != new and not _only_forms(edit, old, new):
            yield f"{path}: more than {edit.action[4:]} was changed: {differing(old, new)}"
        elif _untouchable(old) != _untouchable(new):
            yield f"{path}: code, links, HTML, front matter or marks of structure were changed"
        elif fixed(new, edit.rules)[0] != new:
            yield f"{path}: old forms were left"
        elif "curly-quotes" in edit.rules and _turned(new) > _turned(old):
            yield f"{path}: a quotation mark was turned the wrong way"


def _untouchable(text: str) -> list[str]:
    return [text[start:end] for spans in (machinery(text), markers(text)) for start, end in spans]


def _only_forms(edit: Typography, old: str, new: str) -> bool:
    """Tell whether two texts are equal once all forms that the rules are about are made one."""
    for rule in edit.rules:
        one, other = _FORMS[rule]
        either = re.compile(f"(?:{one}|{other})") if rule != "em-dashes" else re.compile(f"(?:{one}|[ \t]*—[ \t]*)")
        old, new = either.sub("\0", old), either.sub("\0", new)
    return old == new


def _turned(text: str) -> int:
    return len(_TURNED_IN.findall(text)) + len(_TURNED_OUT.findall(text))
