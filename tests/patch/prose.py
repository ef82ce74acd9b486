"""Small chapters for the property tests, and changes to them that a person might make."""

from hypothesis import strategies as st

SENTENCES = (
    "The ferry left without them.",
    "“You might have run,” said Oda.",
    "“I did run — twice.”",
    "Nobody on the quay looked up.",
    "She’d kept the ticket in her glove…",
    "A boy sold chestnuts out of a pram.",
    "It was the fourth of March, and raw.",
    "Mr.\u00a0Lund folded his paper and sighed.",
    "“Well?” he asked. “What now?”",
    "Rain came over the roofs in sheets.",
    "They walked back the way they had come.",
    "Somewhere behind the sheds a dog began to howl.",
    "He didn’t answer; he was counting.",
    "The lamps along the front went out, one by one.",
)
OTHERS = (
    "The last ferry had gone.",
    "Oda laughed and shook her head.",
    "He counted the coins again.",
    "A woman in green waved to nobody.",
    "By then the snow was falling.",
)


@st.composite
def chapters(draw: st.DrawFn, *, hard: bool = False) -> list[list[str]]:
    """Paragraphs of sentences, no sentence twice."""
    sentences = draw(st.permutations(SENTENCES))
    sizes = draw(st.lists(st.integers(1, 3), min_size=4, max_size=6))
    found, at = [], 0
    for size in sizes:
        found.append(list(sentences[at : at + size]))
        at += size
    return [paragraph for paragraph in found if paragraph]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A chapter and the chapter after one or two changes of whole sentences: replaced, added, removed or moved on."""
    before = draw(chapters())
    after = [list(paragraph) for paragraph in before]
    fresh = list(draw(st.permutations(OTHERS)))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(after) - 1))
        kind = draw(st.sampled_from(["replace", "append", "paragraph", "remove"]))
        if kind == "replace":
            after[at][draw(st.integers(0, len(after[at]) - 1))] = fresh.pop()
        elif kind == "append":
            after[at].append(fresh.pop())
        elif kind == "paragraph":
            after.insert(at, [fresh.pop()])
        elif len(after) > 2:
            del after[at]
    return text(before), text(after)


def text(paragraphs: list[list[str]]) -> str:
    """Each paragraph a line, blank lines between, a heading above."""
    return "# Ferry\n\n" + "\n\n".join(" ".join(paragraph) for paragraph in paragraphs) + "\n"
