"""Fold a re-typed text onto the original: what was only typed differently keeps the original's bytes.

A model that writes a chapter anew also straightens quotes, re-wraps lines and drops hard breaks. Lines with the same
words are the original's; in the others, words and gaps that stay are the original's, and new ones follow its manners.
"""

from bookiter.patch.diff import changes
from bookiter.patch.edits import by_lines, compose
from bookiter.patch.model import Edit
from bookiter.patch.place import Ground
from bookiter.patch.retype import retype
from bookiter.patch.splice import reindent, restyle
from bookiter.patch.style import Style
from bookiter.patch.words import Words

_BOM = "\ufeff"


def adopt(original: str, rewritten: str) -> str:
    """Carry the changes of words from ``rewritten`` over to ``original``, and nothing else.

    A change that is only typography, white space, wrapping or line endings is not taken over; ``adopt(x, x) == x``.
    """
    if original == rewritten or not original:
        return original if original else rewritten
    bom = _BOM if original.startswith(_BOM) else ""
    old, new = Ground(original.removeprefix(_BOM)), Ground(rewritten.removeprefix(_BOM))
    style = _style(old, new)
    edits = []
    for a, b, c, d in _regions(old, new):
        edit = _region(old, new, (a, b, c, d), style)
        if edit is not None:
            edits.append(edit)
    return bom + compose(old.text.raw, edits)


def _regions(old: Ground, new: Ground) -> list[tuple[int, int, int, int]]:
    """The changed blocks of lines; two that only blank or equal lines part stay apart."""
    return [block for block in changes(old.keys, new.keys) if _has_words(old, block[:2]) or _has_words(new, block[2:])]


def _has_words(ground: Ground, span: tuple[int, ...]) -> bool:
    return any(ground.keys[span[0] : span[1]])


def _style(old: Ground, new: Ground) -> Style:
    """What the re-typing did, learnt from the lines that are otherwise the same."""
    style = Style(curly_single=old.curly_single, strict=False)
    known = {key: lines[0] for key, lines in old.by_key.items()}
    for key, lines in new.by_key.items():
        if key in known:
            said, has = new.text.lines[lines[0]], old.text.lines[known[key]]
            style.learn_indents([(said, has)])
            count = len(key.split(" "))
            style.learn(Words(said), Words(has), zip(range(count), range(count), strict=True))
    return style


def _region(old: Ground, new: Ground, block: tuple[int, int, int, int], style: Style) -> Edit | None:
    a, b, c, d = block
    text = old.text
    lines = new.text.lines[c:d]
    if not _has_words(old, (a, b)):
        return by_lines(text, a, b, [restyle(reindent(line, style), style) for line in lines])
    if not _has_words(new, (c, d)):
        return by_lines(text, a, b, lines)
    while not old.keys[a]:
        a += 1
    while not old.keys[b - 1]:
        b -= 1
    said = "\n".join(lines).strip("\n")
    file = text.raw[text.start(a) : text.end(b - 1)]
    return Edit(text.start(a), text.end(b - 1), retype(said, file, style, text.newline_near(a)))
