"""What of a manuscript text is prose: without front matter, headings, comments, code, and the targets of links."""

import re
from functools import lru_cache

_FRONT_MATTER = re.compile(r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n.*?\n(?P=fence)[ \t]*(?:\r?\n|\Z)", re.S)
_NO_PROSE = re.compile(
    r"^(?P<tick>`{3,}|~{3,})[^\n]*\n.*?^(?P=tick)[^\n]*$|<!--.*?-->|^[ \t]{0,3}#{1,6}[ \t][^\n]*$|"
    r"^[^\n]+\n(?:=+|-{2,})[ \t]*$|^\|[^\n]*$|\[\^[^\]\s]+\]:?|(?<=\])\([^)\n]*\)|\bhttps?://\S+|<[^<>\n]+>",
    re.S | re.M,
)


@lru_cache(maxsize=64)
def prose_of(text: str) -> str:
    """Return the prose of a text, paragraphs still apart, with plain line ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_PROSE.sub("", _FRONT_MATTER.sub("", plain)).replace("*", "").replace("_", "")
