"""Taking keys out of what servers print.

Servers quote the key they refuse, whole ("Incorrect API key provided: …") or in part ("sk-...abcd"). Such a text must
reach neither the terminal nor the run folder. Erring here means removing a word too many.
"""

import re

REMOVED = "[key]"
MIN_PART = 8  # a run of so many characters of the key counts as the key
MARGIN = 4096
_WORD = re.compile(r"[^\s\"'`<>,;(){}\[\]]+")
_MASK = re.compile(r"\*{2,}|\.{3}|…|[xX•]{4,}")
_KNOWN = re.compile(r"^(?:(?:bearer|token|key)[:=])?(?:sk-|pk-|rk-|gsk_|xai-|hf_|nvapi-|AIza).{4,}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def scrub(text: str, key: str | None, limit: int = 1000) -> str:
    """Make a foreign text fit to show: one line of at most ``limit`` characters, no control characters, no key."""
    beginning = text[: 4 * limit + MARGIN]  # an answer may be a whole book, of which little is shown
    line = " ".join(_BIDI.sub("", _CONTROL.sub(" ", beginning)).split())
    if key:
        line = line.replace(key, REMOVED)
    line = _WORD.sub(lambda word: REMOVED if _gives_away(word[0], key) else word[0], line)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _gives_away(word: str, key: str | None) -> bool:
    if _KNOWN.match(word):
        return True
    if not key or len(key) < MIN_PART:
        return False
    bare = word.rstrip(".:!?")
    ends = bare.endswith(key[-3:]) or bare.startswith(key[:3])
    return (ends and bool(_MASK.search(word))) or bare == key[-4:] or _shares_a_run(word, key)


def _shares_a_run(word: str, key: str) -> bool:
    return any(key[start : start + MIN_PART] in word for start in range(len(key) - MIN_PART + 1))
