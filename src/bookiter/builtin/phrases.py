"""The grammar's phrases: what an author may say, and the edit it means.

Patterns are matched against the whole skeleton of a request from which the place has been taken: ``§`` is quoted text,
``^`` stands before a capitalised word. The words that join two names must be lower-case, so that a request written in
Title Case is not taken for one full of names.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise

from bookiter.builtin.edits import Append, Delete, Edit, Insert, Kind, Prepend, Rename, Replace, Retitle
from bookiter.builtin.edits import Match as How
from bookiter.builtin.lexer import Reading
from bookiter.builtin.vocabulary import CAP, NAME, TITLE, is_chapter, is_name, is_place

_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:[^\W\d_]|Jr|Sr|Mr|Mrs|Ms|Dr|St|Esq)\.$")


@dataclass(frozen=True)
class Match:
    """A phrase matched against a reading."""

    reading: Reading
    found: re.Match[str]
    nouns: Collection[str]

    def has(self, group: str) -> bool:
        """Tell whether an optional group took part."""
        return self.found.re.groupindex.get(group) is not None and self.found[group] is not None

    def quoted(self, group: str) -> str | None:
        """Return the quoted text of a group, None when it is unquoted."""
        return self.reading.tokens_of(self.found.span(group))[0].quoted

    def name(self, group: str) -> str | None:
        """Return a name, quoted or not; None when it may be something else."""
        quoted = self.quoted(group)
        if quoted is not None:
            return None if _ends_in_stop(quoted) or "\n" in quoted else quoted.strip()
        tokens = self.reading.tokens_of(self.found.span(group))
        source = self.reading.source
        whole = all(source[a.end : b.start].isspace() for a, b in pairwise(tokens))
        words = [source[token.start : token.end] for token in tokens]
        return " ".join(words) if whole and is_name(words) else None

    def title(self, group: str) -> str | None:
        """Return a title, quoted or in capitals; None when it may be a place instead."""
        quoted = self.quoted(group)
        if quoted is not None:
            return None if "\n" in quoted or "\r" in quoted else quoted.strip()
        if is_chapter(self.found[group], self.nouns):
            return None
        return self.reading.raw(self.found.span(group))


@dataclass(frozen=True)
class Phrase:
    """A pattern, what it builds, and the prepositions that may have led its place."""

    pattern: str
    build: Callable[[Match], Edit | None]
    prepositions: frozenset[str]


def _ends_in_stop(text: str) -> bool:
    plain = text.rstrip()
    return plain[-1:] in {",", ".", ";", ":", "!", "?"} and not plain.endswith("..") and not _ABBREVIATED.search(text)


def _rename(match: Match) -> Edit | None:
    old, new = match.name("old"), match.name("new")
    if old is None or new is None or old == new or _is_place_name(match, old):
        return None
    return Rename(old, new)


def _possessive(match: Match) -> Edit | None:
    """“Sarah’s name”: the owner is the old name."""
    raw = match.reading.raw(match.found.span("old"))
    owner = re.sub(r"['’](?:s)?$", "", raw)
    new = match.name("new")
    if new is None or owner in {raw, new} or not is_name(owner.split()):
        return None
    return Rename(owner, new)


def _is_place_name(match: Match, text: str) -> bool:
    words = re.sub(r"(?<!\S)(?=[A-Z])", "^", text).lower()
    return is_chapter(words, match.nouns) or (is_place(words.replace("^", ""), match.nouns))


def _replace(match: Match) -> Edit | None:
    """Quoted text is literal; two unquoted names are a rename."""
    old, new = match.quoted("old"), match.quoted("new")
    if old is None and new is None:
        return None if match.has("exchange") else _rename(match)
    if old is None or new is None:
        old, new = match.name("old"), match.name("new")
    if old is None or new is None or old == new or "\n" in old + new or "\r" in old + new:
        return None
    if _ends_in_stop(new) and not _ends_in_stop(old) and _is_last(match, "new"):
        return None  # “grey” with “gray.” — the full stop may be the request's own, set inside the marks
    return Replace(old, new, fresh=match.has("exchange"))


def _is_last(match: Match, group: str) -> bool:
    token = match.reading.tokens_of(match.found.span(group))[-1]
    return not match.reading.source[token.end :].strip()


def _kind(match: Match, group: str) -> Kind:
    word = match.found[group] if match.has(group) else "passage"
    return word if word in {"sentence", "paragraph", "line"} else "passage"  # type: ignore[return-value]


def _how(match: Match, begins: str, contains: str) -> How:
    return "begins" if match.has(begins) else "contains" if match.has(contains) else "exact"


def _delete(match: Match) -> Edit | None:
    text = match.quoted("text")
    kind, how = _kind(match, "kind"), _how(match, "begins", "contains")
    if text is None or (kind == "passage" and how != "exact"):
        return None
    return Delete(kind, text, how)


def _insert(match: Match) -> Edit | None:
    text, anchor = match.quoted("text"), match.quoted("anchor")
    kind, how = _kind(match, "akind"), _how(match, "abegins", "acontains")
    if text is None or anchor is None or (kind == "passage" and how != "exact"):
        return None
    paragraph = match.has("par") or match.has("par2") or "\n\n" in text.replace("\r\n", "\n")
    return Insert("before" if match.has("before") else "after", anchor, text, paragraph, kind, how)


def _append(match: Match) -> Edit | None:
    text = match.quoted("text")
    return None if text is None else Append(text)


def _prepend(match: Match) -> Edit | None:
    text = match.quoted("text")
    return None if text is None else Prepend(text)


def _retitle(match: Match) -> Edit | None:
    title = match.title("title")
    if not title:
        return None
    if not match.has("place"):
        return Retitle(title)
    place = match.found["place"]
    if not is_chapter(place, match.nouns):
        return None
    where = match.reading.raw(match.found.span("place"))
    return Retitle(title, where=re.sub(r"['’]s$", "", where))


_OLD, _NEW = rf"(?P<old>§|{NAME})", rf"(?P<new>§|{NAME})"
_NOUN = r"(?:the )?(?:name|word|words|phrase|term|text|spelling|expression) "
_EACH = r"(?:(?:(?:all|every|each|any)(?: of)?(?: the)? (?:occurrences?|instances?|mentions?|uses?) of )|(?:every|each|all) )?"
_CHARACTER = (
    r"(?:(?:the )?(?:name|character|hero|heroine|protagonist|narrator|villain|town|city|village|ship|dog|cat|horse) )?"
)
_LITERAL = rf"{_EACH}(?:{_NOUN})?"
_DESTROY = r"\^?(?:delete|remove|cut|drop|strike|strike out|erase|omit|take out|cut out|get rid of)"
_ADD = r"\^?(?:insert|add)"
_KIND = r"(?P<kind>sentence|paragraph|line|passage|text|words?|phrase)"
_BEGINS = r"(?:(?:that|which) (?:begins|starts)|beginning|starting)(?: with)?(?: the words)?(?: :)?"
_CONTAINS = (
    r"(?:(?:that|which) (?:contains|includes|has)|containing|including|with)(?: the words| the phrase| the word)?"
)
_READS = r"(?:(?:that|which) reads|reading)(?: :)?"
_AS_PARAGRAPH = r"(?: as (?:a|its own|a new|a separate) paragraph)"
_SIDE = r"(?:immediately |directly |right |just )?(?:(?P<before>before|in front of|ahead of|above)|after|following|behind|below)"
_ANCHOR = (
    rf"(?:the (?P<akind>sentence|paragraph|line|passage|text|words?|phrase) "
    rf"(?:(?P<abegins>{_BEGINS}) |(?P<acontains>{_CONTAINS}) |{_READS} )?)?(?P<anchor>§)"
)
_NEW_TEXT = (
    r"(?:(?P<par2>(?:a|the|this) (?:new )?paragraph)(?: :)? |"
    r"(?:the|this|a new|a) (?:sentence|text|words?|phrase|passage)(?: :)? |: )?(?P<text>§)"
)
_END = r"(?:at|to) the (?:very )?end"
_START = r"(?:at|to) the (?:very )?(?:beginning|start|top)"
_THE_TITLE = r"(?:the |its )?(?:chapter )?(?:title|heading|name of the chapter)"
_TITLE = rf"(?P<title>§|{TITLE})"
_PLACE = r"(?P<place>[^§]+?|(?:the )?chapter (?:called |titled |named )?§)"

_IN = frozenset({"", "in", "within", "inside", "throughout", "across", "through", "all through", "all over"})
_FROM = frozenset({"", "from", "out of", "in", "within", "of"})
_INTO = frozenset({"", "in", "within", "inside", "into", "of"})
_OF = frozenset({"", "of", "for", "in"})
_TO = frozenset({"", "to", "of", "in", "for"})

PHRASES = (
    Phrase(rf"\^?rename {_EACH}{_CHARACTER}{_OLD} (?:to|as|into) {_NEW}", _rename, _IN),
    Phrase(rf"\^?(?:rename|change) the {_OLD} to the {_NEW}", _rename, _IN),
    Phrase(rf"\^?(?:change|set|make|alter) the name of {_CHARACTER}{_OLD} (?:to|into) {_NEW}", _rename, _IN),
    Phrase(rf"\^?(?:change|replace|swap|turn) the name (?:of )?{_OLD} (?:to|into|with|by|for) {_NEW}", _rename, _IN),
    Phrase(rf"\^?(?:change|alter) (?P<old>§|{NAME}) name to {_NEW}", _possessive, _IN),
    Phrase(rf"\^?(?:call|name) (?P<old>§|{CAP}) (?P<new>§|{CAP}) instead", _rename, _IN),
    Phrase(r"\^?(?:call|name) (?P<old>§) (?P<new>§)", _rename, _IN),
    Phrase(
        rf"{_OLD} (?:should|must|shall) (?:now )?be (?:called|named|renamed to|renamed) {_NEW}",
        _rename,
        frozenset({""}),
    ),
    Phrase(rf"\^?(?:replace|substitute) {_LITERAL}{_OLD} (?:with|by) {_NEW}", _replace, _IN),
    Phrase(rf"\^?(?:change|correct|fix) {_LITERAL}{_OLD} to (?:{_NOUN})?{_NEW}", _replace, _IN),
    Phrase(rf"\^?change {_LITERAL}(?P<old>§) (?:into|with|by) {_NEW}", _replace, _IN),
    Phrase(rf"\^?swap (?:out )?{_LITERAL}{_OLD} for {_NEW}", _replace, _IN),
    Phrase(rf"\^?swap out {_LITERAL}{_OLD} with {_NEW}", _replace, _IN),
    Phrase(rf"\^?swap {_LITERAL}{_OLD} (?P<exchange>with|by|to) {_NEW}", _replace, _IN),
    Phrase(rf"\^?turn {_LITERAL}(?P<old>§) into {_NEW}", _replace, _IN),
    Phrase(rf"\^?substitute {_NEW} for {_LITERAL}{_OLD}", _replace, _IN),
    Phrase(
        rf"\^?(?:use|write|put|say) (?:{_NOUN})?(?P<new>§) (?:instead of|in place of|for) {_LITERAL}(?P<old>§)",
        _replace,
        _IN,
    ),
    Phrase(rf"\^?spell {_LITERAL}(?P<old>§|{NAME}) as (?P<new>§|{NAME})", _replace, _IN),
    Phrase(
        rf"{_DESTROY} (?:the {_KIND} (?:(?P<begins>{_BEGINS}) |(?P<contains>{_CONTAINS}) |{_READS} |: )?)?(?P<text>§)",
        _delete,
        _FROM,
    ),
    Phrase(rf"{_ADD} {_NEW_TEXT}(?P<par>{_AS_PARAGRAPH})? {_SIDE} {_ANCHOR}(?P<par3>{_AS_PARAGRAPH})?", _insert, _INTO),
    Phrase(rf"\^?{_SIDE} {_ANCHOR}(?: ,)? (?:insert|add) {_NEW_TEXT}(?P<par>{_AS_PARAGRAPH})?", _insert, _INTO),
    Phrase(rf"\^?append {_NEW_TEXT}{_AS_PARAGRAPH}?(?: {_END})?", _append, _TO),
    Phrase(rf"{_ADD} {_NEW_TEXT}{_AS_PARAGRAPH}? {_END}", _append, _TO),
    Phrase(rf"\^?{_END}(?: ,)? (?:insert|add) {_NEW_TEXT}{_AS_PARAGRAPH}?", _append, _TO),
    Phrase(rf"\^?prepend {_NEW_TEXT}{_AS_PARAGRAPH}?(?: {_START})?", _prepend, _TO),
    Phrase(rf"{_ADD} {_NEW_TEXT}{_AS_PARAGRAPH}? {_START}", _prepend, _TO),
    Phrase(rf"\^?{_START}(?: ,)? (?:insert|add) {_NEW_TEXT}{_AS_PARAGRAPH}?", _prepend, _TO),
    Phrase(rf"\^?(?:retitle|rename|title) {_PLACE} (?:to|as|into) {_TITLE}", _retitle, frozenset({""})),
    Phrase(rf"\^?(?:retitle|title|call|entitle|name) {_PLACE} (?P<title>§)", _retitle, frozenset({""})),
    Phrase(rf"\^?(?:change|set|make|alter|rename) {_THE_TITLE} to {_TITLE}", _retitle, _OF),
    Phrase(
        rf"\^?(?:change|set|alter) (?P<place>[^§]+?)'s (?:title|heading|name) to {_TITLE}", _retitle, frozenset({""})
    ),
    Phrase(rf"\^?(?:replace) {_THE_TITLE} (?:with|by) {_TITLE}", _retitle, _OF),
    Phrase(rf"\^?(?:make|set) {_THE_TITLE} (?P<title>§)", _retitle, _OF),
    Phrase(r"\^?the (?:chapter )?(?:title|heading) should be (?P<title>§)", _retitle, _OF),
    Phrase(r"\^?give (?P<place>[^§]+?) the title (?P<title>§)", _retitle, frozenset({""})),
)
