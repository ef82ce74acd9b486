"""What the built-in editor can do, as values: one frozen class an edit, what comes of it, and its refusal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bookiter.errors import NeedsClarification

Kind = Literal["sentence", "paragraph", "line", "passage"]
Match = Literal["exact", "begins", "contains"]
Side = Literal["before", "after"]
Rule = Literal["curly-quotes", "straight-quotes", "em-dashes", "en-dash-ranges", "ellipses", "double-spaces"]

_SHORT = 40


@dataclass(frozen=True)
class Edit:
    """One mechanical edit; ``where`` holds the raw words that name the place, "" when none were said."""

    where: str = field(default="", kw_only=True)
    action: ClassVar[str] = "edit"

    @property
    def subject(self) -> str:
        """Return a few words for a commit subject."""
        raise NotImplementedError

    @property
    def description(self) -> str:
        """Return one clear sentence of what will be done."""
        raise NotImplementedError

    def _located(self, words: str) -> str:
        return f"{words} ({self.where})." if self.where else f"{words}."


@dataclass(frozen=True)
class Rename(Edit):
    """Give a person or thing another name, in all its forms."""

    old: str
    new: str
    fresh: bool = False  # True for "swap": the new name must not occur yet, else the two may be meant to trade places
    action: ClassVar[str] = "rename"

    @property
    def subject(self) -> str:
        return f"rename {shorten(self.old)} to {shorten(self.new)}"

    @property
    def description(self) -> str:
        return self._located(f"Rename “{self.old}” to “{self.new}”, with possessives and upper-case forms")


@dataclass(frozen=True)
class Replace(Edit):
    """Put other words wherever the quoted ones stand."""

    old: str
    new: str
    whole_words: bool = True
    fresh: bool = False
    action: ClassVar[str] = "replace_text"

    @property
    def subject(self) -> str:
        return f"replace “{shorten(self.old)}” with “{shorten(self.new)}”"

    @property
    def description(self) -> str:
        return self._located(f"Replace “{self.old}” with “{self.new}”")


@dataclass(frozen=True)
class Delete(Edit):
    """Take out the one sentence, paragraph, line or passage that its words name."""

    kind: Kind
    text: str
    match: Match = "exact"

    @property
    def action(self) -> str:  # type: ignore[override]
        return f"delete_{'text' if self.kind == 'passage' else self.kind}"

    @property
    def subject(self) -> str:
        return f"delete the {self._named(shorten(self.text))}"

    @property
    def description(self) -> str:
        return self._located(f"Delete the {self._named(self.text)}")

    def _named(self, text: str) -> str:
        return f"{self.kind} {_MATCHES[self.match]}“{text}”"


@dataclass(frozen=True)
class Insert(Edit):
    """Put new words before or after the one place that its words name."""

    side: Side
    anchor: str
    text: str
    paragraph: bool = False
    anchor_kind: Kind = "passage"
    anchor_match: Match = "exact"
    action: ClassVar[str] = "insert_text"

    @property
    def subject(self) -> str:
        return f"insert “{shorten(self.text)}”"

    @property
    def description(self) -> str:
        manner = " as a new paragraph" if self.paragraph else ""
        kind = "" if self.anchor_kind == "passage" else f"the {self.anchor_kind} {_MATCHES[self.anchor_match]}"
        return self._located(f"Insert “{self.text}”{manner} {self.side} {kind}“{self.anchor}”")


@dataclass(frozen=True)
class Append(Edit):
    """Add a paragraph at the end."""

    text: str
    action: ClassVar[str] = "append_text"

    @property
    def subject(self) -> str:
        return f"append “{shorten(self.text)}”"

    @property
    def description(self) -> str:
        return self._located(f"Append “{self.text}” as the last paragraph")


@dataclass(frozen=True)
class Prepend(Edit):
    """Add a paragraph at the beginning, below the heading."""

    text: str
    action: ClassVar[str] = "prepend_text"

    @property
    def subject(self) -> str:
        return f"prepend “{shorten(self.text)}”"

    @property
    def description(self) -> str:
        return self._located(f"Prepend “{self.text}” as the first paragraph")


@dataclass(frozen=True)
class Retitle(Edit):
    """Give a chapter another title."""

    title: str
    action: ClassVar[str] = "retitle_chapter"

    @property
    def subject(self) -> str:
        return f"retitle to “{shorten(self.title)}”"

    @property
    def description(self) -> str:
        return self._located(f"Change the title to “{self.title}”")


@dataclass(frozen=True)
class Typography(Edit):
    """Bring marks and spaces, never words, into one form."""

    rules: frozenset[Rule]

    @property
    def action(self) -> str:  # type: ignore[override]
        families = {_FAMILIES[rule] for rule in self.rules}
        return f"fix_{families.pop()}" if len(families) == 1 else "fix_typography"

    @property
    def subject(self) -> str:
        return " and ".join(_RULES[rule] for rule in sorted(self.rules))

    @property
    def description(self) -> str:
        words = self.subject
        return self._located(words[:1].upper() + words[1:])


_MATCHES: dict[Match, str] = {"exact": "", "begins": "that begins with ", "contains": "that contains "}
_FAMILIES: dict[Rule, str] = {
    "curly-quotes": "quotes",
    "straight-quotes": "quotes",
    "em-dashes": "dashes",
    "en-dash-ranges": "dashes",
    "ellipses": "ellipses",
    "double-spaces": "spaces",
}
_RULES: dict[Rule, str] = {
    "curly-quotes": "make the quotes curly",
    "straight-quotes": "make the quotes straight",
    "em-dashes": "turn double hyphens into em dashes",
    "en-dash-ranges": "set number ranges with en dashes",
    "ellipses": "turn three dots into ellipses",
    "double-spaces": "reduce double spaces to single ones",
}


@dataclass(frozen=True)
class Place:
    """Somewhere in the texts: path, line (from 1), and a few words of it."""

    path: str
    line: int
    excerpt: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.excerpt}"


@dataclass(frozen=True)
class Edited:
    """What an edit came to: the changed texts only, how many places changed, and what the author should know."""

    texts: dict[str, str]
    places: int
    notes: tuple[str, ...] = ()


class Unsure(NeedsClarification):
    """The text does not decide what the edit should do, so nothing is done."""

    def __init__(self, questions: Iterable[str], places: Iterable[Place] = ()) -> None:
        self.questions = tuple(questions)
        self.places = tuple(places)
        facts: Mapping[str, list[object]] = {
            "questions": list(self.questions),
            "places": [{"path": p.path, "line": p.line, "excerpt": p.excerpt} for p in self.places],
        }
        super().__init__(" ".join(self.questions), details=facts)


class NothingToDo(Unsure):
    """The text is already as the edit would make it."""


def shorten(text: str, limit: int = _SHORT) -> str:
    """Return ``text`` on one line, cut at a word with an ellipsis when longer than ``limit`` characters."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return f"{flat[:limit].rsplit(' ', 1)[0].rstrip(',;:')}…"
