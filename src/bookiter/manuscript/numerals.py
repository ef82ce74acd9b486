"""Numbers as authors write them: 3, three, third, 3rd, III."""

import re
from collections.abc import Iterable

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_ONES += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

_CARDINAL: dict[str, int] = {word: value for value, word in enumerate(_ONES, 1)}
_CARDINAL |= {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
_CARDINAL |= {
    f"{ten}{joint}{one}": value + digit
    for value, ten in zip(range(20, 100, 10), _TENS, strict=True)
    for digit, one in enumerate(_ONES[:9], 1)
    for joint in ("-", " ")
}
_ORDINAL: dict[str, int] = {word: value for value, word in enumerate(_ORDINALS, 1)}
_ORDINAL |= {word + "th": value for word, value in _CARDINAL.items() if 13 <= value <= 19}
_ORDINAL |= {
    word.removesuffix("y") + "ieth": value for word, value in _CARDINAL.items() if value % 10 == 0 and value > 19
}
_ORDINAL |= {
    f"{ten}{joint}{one}": value + digit
    for value, ten in zip(range(20, 100, 10), _TENS, strict=True)
    for digit, one in enumerate(_ORDINALS[:9], 1)
    for joint in ("-", " ")
}
_ROMAN = re.compile(r"(?=[IVXLC])(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def _tens_and(ones: Iterable[str]) -> str:
    return rf"{_any(_TENS)}[- ]{_any(ones)}"


# For use inside larger patterns, built from a few short lists (compiling every number up to 99 took longer than reading
# the book); Roman numerals only in capitals, so that "chapter i" of a sentence is not read as one.
CARDINAL = rf"(?:\d{{1,4}}|{_tens_and(_ONES[:9])}|{_any([*_TENS, *_ONES])}|(?-i:[IVXLC]{{1,8}}))"
_ORDINAL_TENS = [ten.removesuffix("y") + "ieth" for ten in _TENS]
_ORDINAL_TEENS = [word + "th" for word in _ONES[12:]]
ORDINAL = (
    rf"(?:\d{{1,4}}(?:st|nd|rd|th)|{_tens_and(_ORDINALS[:9])}|{_any([*_ORDINAL_TENS, *_ORDINAL_TEENS, *_ORDINALS])})"
)


def value_of(word: str) -> int | None:
    """Return the value of a number in digits, words, as an ordinal or in Roman capitals; None when it is none."""
    lowered = word.lower()
    if digits := re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", lowered):
        return int(digits[1])
    if lowered in _CARDINAL:
        return _CARDINAL[lowered]
    if lowered in _ORDINAL:
        return _ORDINAL[lowered]
    if word and _ROMAN.fullmatch(word):
        values = [_ROMAN_VALUES[letter] for letter in word]
        return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
    return None
