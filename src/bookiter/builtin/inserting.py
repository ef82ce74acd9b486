"""Insert, append and prepend: new words in the file's own dress, set off as the file sets its paragraphs off."""

import re
from collections.abc import Mapping

from bookiter.builtin.edits import Append, Edited, Insert, Place, Prepend, Unsure
from bookiter.builtin.habits import conform, gap, habits
from bookiter.builtin.markdown import Block, Page, read_page
from bookiter.builtin.matching import EOL
from bookiter.builtin.passages import Found, content, locate
from bookiter.builtin.reports import place_of
from bookiter.builtin.sentences import sentences

_SENTENCE = re.compile(r"^[“‘\"'(*_]*[^\W\d_a-z].*[.!?…][”’\"')*_]*$", re.DOTALL)
_SPEECH = re.compile(r"[“\"‘«]")
_CLOSING = "”’\"'»)*_"


def insert(edit: Insert, texts: Mapping[str, str]) -> Edited:
    """Insert words beside the one place an edit names. Raises Unsure when place or manner is not certain."""
    found = locate(texts, edit.anchor_kind, edit.anchor, edit.anchor_match)
    words = conform(edit.text, found.text, texts.values())
    if edit.paragraph or (found.block.kind == "heading" and found.whole):
        after = _paragraph_beside(edit, found, words.strip())
    else:
        after = _inline(edit, found, words)
    return Edited({found.path: after}, 1)


def _paragraph_beside(edit: Insert, found: Found, words: str) -> str:
    _refuse_unclear_paragraph(edit, found)
    page, block = found.page, found.block
    eol, blanks = habits(found.text).eol, _blanks_at(page, block, edit.side)
    space = eol * (blanks + 1)
    if edit.side == "after":
        at = page.lines[block.last - 1].end
        return found.text[:at] + space + words + found.text[at:]
    at = page.lines[block.first].start + (1 if block.first == 0 and found.text.startswith("\ufeff") else 0)
    return found.text[:at] + words + space + found.text[at:]


def _blanks_at(page: Page, block: Block, side: str) -> int:
    """Return how many blank lines set a paragraph off here: those on that side of the block, or what the file does."""
    at = block.last if side == "after" else block.first - 1
    step = 1 if side == "after" else -1
    count = 0
    while page.is_blank(at):
        count, at = count + 1, at + step
    return count if count and 0 <= at < len(page.lines) else gap(page.text)


def _refuse_unclear_paragraph(edit: Insert, found: Found) -> None:
    start, end = content(found.page, found.block)
    inside = found.span[0] > start and len(found.text[found.span[1] : end].strip(_CLOSING)) > 0
    if found.block.kind not in {"paragraph", "heading"}:
        raise Unsure(
            [f"“{edit.anchor}” stands in a {found.block.kind}. Should the paragraph go inside it?"], _here(found)
        )
    if inside and edit.anchor_kind != "paragraph":
        raise Unsure(
            [f"“{edit.anchor}” stands inside a paragraph. Should the new one go {edit.side} the whole paragraph?"],
            _here(found),
        )
    if found.block.last - found.block.first > 1 and _unwrapped(found):
        raise Unsure(
            ["Here paragraphs seem to stand without blank lines between. Should a line be inserted?"], _here(found)
        )


def _unwrapped(found: Found) -> bool:
    return any(line.end - line.start > 160 for line in found.page.lines[found.block.first : found.block.last])


def _here(found: Found) -> list[Place]:
    return [place_of(found.path, found.text, found.span)]


def _inline(edit: Insert, found: Found, words: str) -> str:
    if found.block.kind in {"table", "heading"} and _SENTENCE.match(words.strip()):
        raise Unsure([f"“{edit.anchor}” stands in a {found.block.kind}. Where should the sentence go?"], _here(found))
    if found.whole and _SPEECH.match(words) and _SPEECH.match(found.text, found.span[0]):
        raise Unsure(
            [f"Should “{edit.text}” be a paragraph of its own, or go into the one it is to stand {edit.side}?"],
            _here(found),
        )
    at = _sentence_edge(edit, found) if _SENTENCE.match(words.strip()) else _plain_edge(edit, found, words)
    text = found.text
    if edit.side == "after":
        stands_off = words[0].isalnum() or _SPEECH.match(words) or words[0] in "(*_[—"
        space = " " if stands_off and not text[at - 1].isspace() else ""
        return text[:at] + space + words + text[at:]
    space = "" if words[-1].isspace() or words[-1] in "“‘([—" else " "
    return text[:at] + words + space + text[at:]


def _plain_edge(edit: Insert, found: Found, words: str) -> int:
    """Words that are no sentence go right beside the anchor, unless that is the edge of a sentence."""
    at = found.span[1] if edit.side == "after" else found.span[0]
    if edit.side == "after" and found.text[at - 1] in ".!?…" and words[0].islower():
        raise Unsure(
            [f"“{edit.anchor}” ends a sentence, and “{edit.text}” begins none. Where should it go?"], _here(found)
        )
    return at


def _sentence_edge(edit: Insert, found: Found) -> int:
    """A whole sentence goes only where one ends or begins."""
    start, end = content(found.page, found.block)
    for unit in sentences(found.text, start, end):
        if edit.side == "before" and found.span[0] == unit[0]:
            return unit[0]
        if edit.side == "after" and unit[0] < found.span[1] <= unit[1]:
            rest = found.text[found.span[1] : unit[1]]
            if not rest or rest in {".", "!", "?", "…", "..."}:
                return unit[1]
            if rest.strip(_CLOSING):
                break
            if _SPEECH.match(edit.text):
                return unit[1]
    raise Unsure(
        [f"“{edit.text}” is a sentence, but “{edit.anchor}” is not the edge of one. Where should it go?"], _here(found)
    )


def append(edit: Append, texts: Mapping[str, str]) -> Edited:
    """Add a paragraph below the last one, above notes and link targets that close the file."""
    path, text = _only(texts, "end")
    words, page = conform(edit.text, text).strip(), read_page(text)
    blocks = [block for block in page.blocks if block.kind not in {"definition", "front"}]
    if not blocks:
        return Edited({path: _first(text, page, words)}, 1)
    last = blocks[-1]
    if last.kind == "code" or (last.kind == "html" and "<!--" not in text[last.start : last.end]):
        raise Unsure([f"{path} ends in {last.kind}. Should the paragraph go below it?"])
    at = page.lines[last.last - 1].end
    return Edited({path: text[:at] + habits(text).eol * (gap(text) + 1) + words + text[at:]}, 1)


def prepend(edit: Prepend, texts: Mapping[str, str]) -> Edited:
    """Add a paragraph above the first one, below front matter and the headings that open the file."""
    path, text = _only(texts, "beginning")
    words, page = conform(edit.text, text).strip(), read_page(text)
    opening = [block for block in page.blocks if block.kind != "front"]
    while opening and (
        opening[0].kind == "heading" or text[opening[0].start : opening[0].end].lstrip("\ufeff").startswith("<!--")
    ):
        opening.pop(0)
    if not opening:
        return append(Append(edit.text), texts)
    at = opening[0].start + (1 if opening[0].start == 0 and text.startswith("\ufeff") else 0)
    return Edited({path: text[:at] + words + habits(text).eol * (gap(text) + 1) + text[at:]}, 1)


def _only(texts: Mapping[str, str], edge: str) -> tuple[str, str]:
    if len(texts) != 1:
        raise Unsure([f"At the {edge} of which of these: {', '.join(list(texts)[:8])}?"])
    return next(iter(texts.items()))


def _first(text: str, page: Page, words: str) -> str:
    """Put words into a file that has none yet."""
    front = [block for block in page.blocks if block.kind == "front"]
    if not front:
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        rest = re.sub(rf"^(?:[ \t]*{EOL})+", "", text.removeprefix(bom))
        return f"{bom}{words}{habits(text).eol}{rest}"
    at = page.lines[front[-1].last - 1].end
    return text[:at] + habits(text).eol * 2 + words + (text[at:] or "")
