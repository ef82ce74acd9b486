"""The words the grammar knows: what can name a place in a book, and what can be a name."""

import re
from collections.abc import Collection
from functools import lru_cache

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth last final next previous current opening closing"
).split()
_DIVISIONS = r"(?:chapters?|chs?\.?|chaps?\.?|parts?|sections?)"
_SINGLE, _PLURAL = r"(?:chapter|ch\.?|chap\.?|part|section)", r"(?:chapters|chs\.?|chaps\.?|parts|sections)"
_LEVELS = (
    "premise treatment taxonomy prose beats beat outline synopsis prologue epilogue preface foreword afterword introduction "
    "interlude appendix summary blurb dedication acknowledgements acknowledgments chapters"
).split()
_WHOLE = "book novel story manuscript text project document draft novella".split()

NOT_NAMES = frozenset(
    (
        "a about above after again all also although always an and any anyone anything are as at be because been before being "
        "below better between both but by can could darker did do does done down during each either else end even ever every "
        "everyone everything few first for from funnier had has have he her here hers him his how i if in instead into is it "
        "its just last later less longer made make me mine more most much must my neither never next no nobody none nor not "
        "nothing now of off often on once one only or other our out over past person plural present future perhaps please "
        "rather same second she shorter should since singular so some someone something somewhat sooner such tense than that "
        "the their them then there these they third this those though through throughout till to too under until up us very "
        "was we were what when where which while who whose why with without would you your "
        "american british english french german italian spanish latin russian european victorian edwardian georgian gothic "
        "modern horror noir romance comedy tragedy fantasy western "
        "active passive voice male female man woman boy girl prose verse dialogue narrator narration "
        "chapter chapters scene scenes act part parts section prologue epilogue premise treatment taxonomy outline title titles "
        "ending beginning opening paragraph sentence line word words name names quotes dashes book novel story"
    ).split()
)
_STYLES = frozenset(
    (
        "mr mrs ms miss dr doctor sir lady lord captain colonel major general king queen prince princess father mother sister "
        "brother aunt uncle professor reverend st duke duchess count countess baron master madam madame"
    ).split()
)
PARTICLES = "de van von der den of la le du di da del della dos das bin ibn al el ten ter y zu af av".split()

CAP = r"\^[^ §,]+"
_PARTICLE = rf"(?:(?:{'|'.join(PARTICLES)}) ){{0,2}}"
NAME = rf"{_PARTICLE}{CAP}(?: {_PARTICLE}{CAP}){{0,3}}"
_SMALL = r"(?:(?:a|an|the|of|on|at|de|la|le|du|van|von) ){0,3}"
TITLE = rf"{CAP}(?: {_SMALL}{CAP}){{0,7}}"

_FILE = re.compile(r"[\^\w./-]*\w\.(?:md|markdown|mdx|txt|text|adoc|asciidoc|rst|tex)")
_NAMED = re.compile(rf"(?:the )?(?:{_DIVISIONS} )?(?:(?:called|titled|named|entitled) )?§")
_TITLED = re.compile(rf"(?:(?:the )?{_DIVISIONS} (?:called |titled |named |entitled )?)?(?:the )?{TITLE}")


def is_place(skeleton: str, nouns: Collection[str] = ()) -> bool:
    """Tell whether words of a skeleton can name a place in a book and say nothing else."""
    plain = skeleton.replace("^", "")
    if place_pattern(tuple(sorted(nouns))).fullmatch(plain) or _FILE.fullmatch(skeleton) or _NAMED.fullmatch(plain):
        return True
    return _TITLED.fullmatch(skeleton) is not None and len(skeleton) < 80


def is_chapter(skeleton: str, nouns: Collection[str] = ()) -> bool:
    """Tell whether words of a skeleton can name one chapter: what has a title of its own."""
    plain = skeleton.replace("^", "")
    if _FILE.fullmatch(skeleton):
        return True
    if re.search(r",| and | to | through | until |\d[-–—]\d", plain):
        return False
    whole = re.search(rf"\b(?:{'|'.join(_WHOLE)}|chapters|everywhere|premise|treatment|taxonomy)\b", plain)
    named = re.match(r"(?:the )?(?:chapter|part|section)\b|(?:the )?ch\.? ", plain)
    ordinal = re.match(
        rf"(?:the|this) (?:very )?(?:(?:{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th)) )?(?:chapter|part|section)\b", plain
    )
    level = re.fullmatch(r"(?:the )?(?:prologue|epilogue|preface|foreword|afterword|introduction|interlude)", plain)
    return not whole and bool(named or ordinal or level) and is_place(skeleton, nouns)


def is_name(words: list[str]) -> bool:
    """Tell whether unquoted words, already known to be capitalised, can only be a name."""
    plain = [word.strip(".").lower().replace("’", "'") for word in words]
    if any(word in NOT_NAMES for word in plain if word not in PARTICLES) or plain[0] in {"of", "the"}:
        return False
    if all(word in _STYLES for word in plain) or not all(
        re.fullmatch(r"[^\W\d_][\w.'’\-\u0300-\u036f]*", w) for w in words
    ):
        return False
    if any(char.isdigit() or char == "_" for word in words for char in word) or plain[-1].endswith(("'s", "'", "-")):
        return False
    return sum(word not in PARTICLES for word in plain) <= 4


@lru_cache(maxsize=8)
def place_pattern(nouns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of the words that name a place; ``nouns`` are level names declared by the manuscript."""
    tens = rf"(?:{'|'.join(_NUMBERS[-8:])})-(?:{'|'.join(_NUMBERS[:9])})"
    number = rf"(?:\d{{1,4}}|{tens}|{'|'.join(_NUMBERS)}|[ivxlc]{{1,8}})"
    span = rf"{number}(?:(?:[-–—]| [-–—] | to | through | until | thru ){number})?"
    listed = rf"{span}(?: ,(?: and)? {span}| and (?:chapter )?{span})*"
    ordinal = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"
    levels = "|".join(map(re.escape, (*_LEVELS, *(noun.lower() for noun in nouns))))
    division = (
        rf"(?:(?:the )?{_SINGLE} {number}(?:[-–—]{number})?|(?:the )?{_PLURAL} {listed}"
        rf"|(?:the|this) (?:very )?{ordinal} (?:{number} )?{_DIVISIONS}"
        rf"|(?:this|the(?: same)?|my|our) {_DIVISIONS}|(?:all|every|each)(?: of)?(?: the| my)? {_DIVISIONS})"
    )
    whole = rf"(?:(?:the|this|my|our|all of the|all the) )?(?:(?:whole|entire|complete|full) )?(?:{'|'.join(_WHOLE)})"
    level = rf"(?:(?:the|this|my|our) )?(?:{division}'s )?(?:{levels})(?: (?:of|for|from|in) (?:{division}|{whole}))?"
    within = rf"(?: (?:of|in) (?:the (?:{levels})|{whole}))?"
    single = rf"(?:everywhere|everything|globally|{division}{within}|{whole}|{level}(?: (?:file|level))?)"
    return re.compile(rf"(?:{single})(?: and {single})?")
