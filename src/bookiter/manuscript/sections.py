"""Choose the sections of a long unit that a request is about, so that a patch need not carry the whole of it."""

from bookiter.text import Paragraph, paragraphs, words

_COMMON = frozenset(
    "the a an and or but of to in on at for with from by as is are was were be been it its this that these those more less "
    "make makes making add adds adding change changes let have has had do does should would could chapter scene part text "
    "dialogue paragraph sentence words between about into than then so not no yes all any some please very bit little".split()
)


def relevant_text(text: str, request: str, limit: int) -> tuple[str, bool]:
    """Return what of a unit to show for a request, at most about ``limit`` characters, and whether that is only part.

    Paragraphs are kept whole, in order, with a marked gap for what is left out. When the request points nowhere in
    particular the whole unit is shown: guessing would hide the very passage.
    """
    if len(text) <= limit:
        return text, False
    blocks = paragraphs(text)
    scores = _scores(blocks, request)
    if not any(scores):
        return text, False
    chosen = _chosen(blocks, scores, limit)
    return (text, False) if len(chosen) == len(blocks) else (_shown(text, blocks, chosen), True)


def _scores(blocks: list[Paragraph], request: str) -> list[float]:
    """Rate paragraphs by the request's rare words: a word that many paragraphs share points nowhere."""
    wanted = {word.casefold() for word in words(request)} - _COMMON
    held = [{word.casefold() for word in words(block.text)} & wanted for block in blocks]
    frequency = {word: sum(word in each for each in held) for word in wanted}
    return [sum(1 / frequency[word] for word in each if frequency[word] <= max(3, len(blocks) // 5)) for each in held]


def _chosen(blocks: list[Paragraph], scores: list[float], limit: int) -> set[int]:
    chosen = {0}
    used = len(blocks[0].text)
    for index in sorted(range(len(blocks)), key=lambda i: -scores[i]):
        if not scores[index]:
            break
        around = [i for i in range(index - 3, index + 4) if 0 <= i < len(blocks) and i not in chosen]
        size = sum(len(blocks[i].text) + 2 for i in around)
        if used + size > limit and len(chosen) > 1:
            break
        chosen.update(around)
        used += size
    return chosen


def _shown(text: str, blocks: list[Paragraph], chosen: set[int]) -> str:
    ends = [*(block.start for block in blocks[1:]), len(text)]
    shown: list[str] = []
    skipped = 0
    for index, (block, end) in enumerate(zip(blocks, ends, strict=True)):
        if index not in chosen:
            skipped += 1
            continue
        if skipped:
            shown.append(_gap(skipped))
            skipped = 0
        shown.append(text[block.start : end])
    return "".join(shown) + (_gap(skipped) if skipped else "")


def _gap(count: int) -> str:
    return f"[[{count} paragraphs not shown]]\n\n"
