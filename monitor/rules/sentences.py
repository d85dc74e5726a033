"""Where sentences begin, for NEAR/S. A doubtful full stop ends no sentence: that misses nothing."""

from __future__ import annotations

import re

_CLOSING = "[\"'”’»›)\\]}）】」』〉》〕]*"
_OPENING = "[\"'“‘«‹(\\[{¿¡（【「『〈《〔\u2013\u2014-]*"
_STOP = re.compile(
    f"(?P<full>[。！？｡﹗﹖।॥።။۔؟։]){_CLOSING}\\s*"  # ends a sentence wherever it stands
    f"|(?<![.!?…．])(?P<stop>[.!?…．]++){_CLOSING}(?:(?P<space>\\s+)(?P<opening>{_OPENING})|(?=[^\\W\\d_]))"
    "|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+"
)
_TOKEN = re.compile(r"[^\s\"'“”‘’«»()\[\]{}]*\Z")
_DATE = re.compile(r"\d{4}\.\s*\d{1,2}\.\s*\d{1,2}\Z")  # as Koreans write it: 2018. 10. 29.
_NEXT = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\Z")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    """mr mrs ms mx dr prof gen col lt sgt capt cpl cmdr adm maj rep reps sen sens gov pres amb hon rev fr st ste mt messrs mme mlle hr
    vs fig vol ch sec art approx est dept univ assn bros ft cf al eg ie bzw ca evtl ggf inkl nr str tel vgl zb г гг т д им ул стр руб
    тыс млн млрд см др пр проф акад ген адм янв фев февр апр авг сент окт нояб дек jan feb mar apr jun jul aug
    sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"""
)
_OFTEN_LAST = _words("inc corp co ltd llc plc jr sr etc usw ave blvd a.m p.m am pm")
_NUMBERED = _words("no nos pp p art sec fig vol nr n ст п")
_BEGINNERS = _words(
    """the a an this that these those he she it they we i you his her its their our but and in on at for from by with as if when while
    after before since there here what who how why no not one some many more all both another however meanwhile"""
)
_MONTHS = _words(
    """januar jänner februar märz april mai juni juli august september oktober november dezember january february march may june july
    october december januari februari maart marts oktober novembro"""
)


def sentence_starts(text: str) -> list[int]:
    """Code points at which the second and later sentences begin (or the white space before them ends)."""
    return [match.end() - len(match["opening"] or "") for match in _STOP.finditer(text) if _ends(text, match)]


def _ends(text: str, match: re.Match[str]) -> bool:
    stop = match["stop"]
    if stop is None:
        return True
    following = text[match.end() : match.end() + 1]
    if match["space"] is None:
        # "exemptions.The": a space was lost; but example.com and U.S are no ends.
        before = text[max(0, match.start() - 2) : match.start()]
        after = text[match.end() : match.end() + 2]
        return stop == "." and len(before) == len(after) == 2 and before.islower() and after.istitle() and after[1:].islower()
    if any(char in "\n\r\v\f\x85\u2028\u2029" for char in match["space"]):
        return True
    if following.islower():
        return False
    return stop != "." or _full_stop_ends(text, match)


def _full_stop_ends(text: str, match: re.Match[str]) -> bool:
    found = _TOKEN.search(text, max(0, match.start() - 30), match.start())
    token = found[0].lower() if found else ""
    after = _NEXT.match(text, match.end())
    word = after[0].lower() if after else ""
    if token.isdigit() and len(token) <= 4:
        day = len(token) <= 2 and (word in _MONTHS or _DATE.search(text, max(0, match.start() - 16), match.start()))
        return not (word.isdigit() or day)
    if token in _NUMBERED and word.isdigit():
        return False
    if token in _TITLES:
        return False
    if token in _OFTEN_LAST or (_INITIALS.match(token) and token.isascii()):
        return word in _BEGINNERS
    return not _INITIALS.match(token)
