"""What a request allows that would else be damage: read from the author's own words, never from the model's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bookiter.stages.documents import Intent
from bookiter.text import words

# What is to be kept is no leave to change it: these parts of the request count for nothing here.
_CLAUSE = re.compile(r"[.;,\n]+\s+|\n|\s+\b(?:but|while|though|although)\b\s+", re.I)
_DOING = r"(?:make|add|cut|remove|delete|drop|change|rewrite|revise|shorten|expand|trim|move|put|let|give|replace|turn|tighten)"
_KEPT = re.compile(
    r"\b(?:keep(?:ing)?|preserv(?:e|ing)|retain(?:ing)?|leave\b(?=.*\b(?:alone|as\s+(?:it|they|is|are)|unchanged|untouched|intact)\b)|"
    r"(?:do\s+not|don[’']t|never|without)\s+(?:chang|touch|cut|remov|delet|drop|los|alter|renam|shorten|mov|reorder|add|affect)|"
    r"(?:with\s+)?(?:the|all|every|each)\s+(?:(?!the\b|with\b)\w+\s+){1,4}(?:stays?\s+|remains?\s+)?(?:unchanged|untouched|intact))"
    rf".*?(?=\s+(?:and|then)\s+{_DOING}\b|$)",
    re.I,
)
_PART = (
    r"(?:chapter|scenes?|paragraphs?|passages?|text|sections?|parts?|lines?|sentences?|dialogue|half|quarter|third|words?|it|"
    r"description|exposition|backstory|adverbs|adjectives|repetitions?|subplot)"
)
_SHRINK = re.compile(
    r"\b(?:shorten|shorter|trim|condense|tight(?:en|er)|halve|compress|summari[sz]e|brief(?:er)?|abridge|lean(?:er)?|terse(?:r)?|"
    r"concise|snapp(?:y|ier)|punch(?:y|ier)|crisp(?:er)?|sparse(?:r)?|streamline|pare|prune|economical|faster|quicken|pac(?:e|ier|ing))\b|"
    rf"\b(?:cut|remove|delete|drop|lose|strike|take\s+out|omit|merge|combine|fold)\b[^.!?]{{0,40}}?\b{_PART}\b",
    re.I,
)
_GROW = re.compile(
    r"\b(?:expand|longer|lengthen|extend|double|triple|flesh|elaborate|add|insert|append|more|write|draft)\b", re.I
)
_MOVE = re.compile(
    r"\b(?:mov(?:e|ing)|re-?order\w*|rearrang\w*|re-?structur\w*|reorgani[sz]\w*|swap|switch|shuffl\w*|revers\w*|chronolog\w*|"
    r"sequence|flashback|interleave|intercut|pac(?:e|ing)|flow|transpos\w*|shift|order\s+of)\b|"
    r"\b(?:put|place|bring)\b.*\b(?:before|after|first|last|earlier|later|sooner|front|end|top|beginning|forward)\b|"
    r"\b(?:begin|start|open|end)\s+(?:\w+\s+){0,3}(?:with|on|at)\b",
    re.I,
)
_REPEAT = re.compile(r"\b(?:repeat\w*|repetition|refrain|echo\w*|twice|duplicate|copy|mirror|anaphora|bookend)\b", re.I)
_ENDING = re.compile(r"\b(?:end(?:ing|s)?|last|final|close|closing|conclu\w+|cliffhanger)\b", re.I)
_EMPTY = frozenset(
    "the a an and or but of to in on at for with from by as is are was were be it its this that these those he she they them his "
    "her their i you we us our my your not no so if then than more less make chapter scene part text".split()
)


@dataclass(frozen=True)
class Asked:
    """A request as far as it matters to the checks; ``text`` is it without what it wants kept."""

    text: str
    intent: Intent

    @classmethod
    def of(cls, intent: Intent) -> "Asked":
        """Read what an intent's request asks for."""
        return cls("\n".join(_KEPT.sub("", clause) for clause in _CLAUSE.split(intent.request)), intent)

    @property
    def removes(self) -> bool:
        return self.intent.intent_type == "remove"

    @property
    def adds(self) -> bool:
        return self.intent.intent_type == "add"

    @property
    def anew(self) -> bool:
        """The author wants the part written anew."""
        return self.intent.intent_type == "regenerate"

    @property
    def rewritten(self) -> bool:
        """The whole part is written out again, whether or not it was asked to be other."""
        return self.anew or self.intent.scale == "regenerate"

    @cached_property
    def shrinks(self) -> bool:
        return bool(_SHRINK.search(self.text))

    @cached_property
    def grows(self) -> bool:
        return bool(_GROW.search(self.text))

    @cached_property
    def moves(self) -> bool:
        return bool(_MOVE.search(self.text))

    @cached_property
    def repeats(self) -> bool:
        return bool(_REPEAT.search(self.text))

    @cached_property
    def ends(self) -> bool:
        """The request speaks of the ending."""
        return bool(_ENDING.search(self.text))

    def mentions(self, *nouns: str) -> bool:
        """Tell whether one of these nouns, singular or plural, stands in the request."""
        return any(re.search(rf"\b{re.escape(noun)}(?:s|es)?\b", self.text, re.I) for noun in nouns)

    def says(self, pattern: str) -> bool:
        """Tell whether a pattern occurs in the request, in capitals or not."""
        return re.search(pattern, self.text, re.I) is not None

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_plain(word) for word in words(self.text))

    def names(self, said: Iterable[str]) -> bool:
        """Tell whether one of these words, if it says anything, stands in the request, as it is or as a possessive."""
        return any(_plain(word) in self._words - _EMPTY for word in said)


def _plain(word: str) -> str:
    return re.sub(r"[’']s?$", "", word.casefold())
