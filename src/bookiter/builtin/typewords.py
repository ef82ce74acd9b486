"""The phrases that ask for typography."""

import re
from functools import lru_cache

from bookiter.builtin.edits import Rule, Typography
from bookiter.builtin.lexer import Reading

_ALL = r"(?:(?:all|every|each)(?: of)?(?: the)? |the )?"
_CURLY = r"(?:curly|smart|typographic(?:al)?|curled|typographer's)"
_STRAIGHT = r"(?:straight|plain|dumb|ascii)"
_QUOTES = r"(?:double |single )?(?:quotes|quotation marks|quote marks|quotes and apostrophes)"
_TURN = r"(?:make|turn|convert|change|switch|replace|fix|set|put|transform)"
_INTO = r"(?:to|into|with|by)"
_HYPHENS = r"(?:double hyphens|double dashes|two hyphens|--|straight dashes)"
_EM = r"(?:(?:an |real |proper |true )?em[ -]dash(?:es)?|—|long dashes)"
_EN = r"(?:(?:an )?en[ -]dash(?:es)?|–)"
_DOTS = r"(?:three dots|triple dots|three periods|three full stops|dot dot dot|\.\.\.)"
_ELLIPSES = r"(?:(?:an |real |proper |true |typographic )?ellips[ie]s(?: characters?| marks?)?|…)"
_DOUBLED = r"(?:double|doubled|multiple|repeated|duplicate) spaces"
_RANGES = r"(?:in |for |between )?(?:the |all )?(?:number |numeric |numerical |page |year |date )?ranges"

_PHRASES: tuple[tuple[str, Rule], ...] = (
    (rf"{_TURN} {_ALL}{_QUOTES} (?:{_INTO} )?{_CURLY}(?: ones| quotes| quotation marks)?", "curly-quotes"),
    (rf"{_TURN} {_ALL}{_STRAIGHT} {_QUOTES} (?:{_INTO} )?{_CURLY}(?: ones| quotes| quotation marks)?", "curly-quotes"),
    (rf"(?:use )?{_CURLY} {_QUOTES}", "curly-quotes"),
    (rf"use {_CURLY} {_QUOTES} instead of {_STRAIGHT} (?:ones|quotes)", "curly-quotes"),
    (rf"(?:curl|smarten) {_ALL}{_QUOTES}", "curly-quotes"),
    (rf"{_TURN} {_ALL}{_QUOTES} (?:{_INTO} )?{_STRAIGHT}(?: ones| quotes| quotation marks)?", "straight-quotes"),
    (
        rf"{_TURN} {_ALL}{_CURLY} {_QUOTES} (?:{_INTO} )?{_STRAIGHT}(?: ones| quotes| quotation marks)?",
        "straight-quotes",
    ),
    (rf"(?:use )?{_STRAIGHT} {_QUOTES}", "straight-quotes"),
    (rf"use {_STRAIGHT} {_QUOTES} instead of {_CURLY} (?:ones|quotes)", "straight-quotes"),
    (rf"straighten {_ALL}{_QUOTES}", "straight-quotes"),
    (rf"{_TURN} {_ALL}{_HYPHENS} {_INTO} {_EM}", "em-dashes"),
    (rf"use {_EM} (?:instead of|for|in place of) {_HYPHENS}", "em-dashes"),
    (rf"{_TURN} {_ALL}(?:hyphens?|dashes) {_RANGES} {_INTO} {_EN}", "en-dash-ranges"),
    (rf"use {_EN} {_RANGES}", "en-dash-ranges"),
    (rf"{_TURN} {_ALL}{_DOTS} {_INTO} {_ELLIPSES}", "ellipses"),
    (rf"use {_ELLIPSES} (?:instead of|for|in place of) {_DOTS}", "ellipses"),
    (r"use (?:real|proper|true|typographic) ellipses", "ellipses"),
    (
        rf"(?:remove|delete|fix|collapse|eliminate|get rid of|clean up|reduce|drop) {_ALL}(?:the )?{_DOUBLED}",
        "double-spaces",
    ),
    (
        rf"(?:replace|turn|convert|change|collapse|reduce) {_ALL}{_DOUBLED} {_INTO} (?:a )?single (?:ones|spaces?)",
        "double-spaces",
    ),
)
_MOST = 4


def typography(reading: Reading) -> Typography | None:
    """Return the typography a skeleton asks for, one wish or several joined by "and"; None when any part is unclear."""
    skeleton = reading.skeleton.removeprefix("^")
    if "§" in skeleton or "^" in skeleton:
        return None
    parts = [skeleton] if _rule(skeleton) else re.split(r" , and | , | and ", skeleton)
    rules = [_rule(part) for part in parts]
    if len(rules) > _MOST or not all(rules) or {"curly-quotes", "straight-quotes"} <= set(rules):
        return None
    return Typography(frozenset(rule for rule in rules if rule))


def _rule(skeleton: str) -> Rule | None:
    found = {rule for pattern, rule in _patterns() if pattern.fullmatch(skeleton)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Rule], ...]:
    return tuple((re.compile(pattern), rule) for pattern, rule in _PHRASES)
