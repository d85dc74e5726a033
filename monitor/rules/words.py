"""What a word is: the groups of scripts, where they meet, and numbers (decisions 10 to 14 and 17).

The text form has one space between words. Characters fall into groups; where two groups meet a word ends, with or
without a space: FFVD를. Han and kana (`CJK`) and Thai and its neighbours (`UNSPACED`) have no word ends inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.rules.spans import Edit

HANGUL = "\u1100-\u11ff\u302e\u302f\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
CJK = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ece\u0edc-\u0edf\u1000-\u109d\u1780-\u17d3\u17d7\u17dc\u17dd\u1980-\u19c9"
    "\u1a20-\u1a7c\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
)
ARABIC = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff"
HEBREW = "\u05d0-\u05f2"
SPECIAL = HANGUL + CJK + UNSPACED + ARABIC + HEBREW
GAPS = " \x0b"

GROUPS = {"hangul": HANGUL, "cjk": CJK, "unspaced": UNSPACED, "arabic": ARABIC, "hebrew": HEBREW}
OTHER = "alphabet"  # every other script: words stand between gaps

_HAS = {name: re.compile(f"[{chars}]") for name, chars in GROUPS.items()}
_HAS_SPECIAL = re.compile(f"[{SPECIAL}]")
_ALPHABET_RUN = re.compile(f"[^{SPECIAL}{GAPS}][^{SPECIAL}{GAPS}]*")
CJK_RUN = re.compile(f"[{CJK}]")
_CJK_SPACE = re.compile(f"[{CJK}]( +)(?=[{CJK}])")
_PIECE = re.compile("|".join(f"[{chars}]+" for chars in GROUPS.values()) + f"|[^{SPECIAL}{GAPS}]+")
_MEETING = re.compile("|".join(f"(?<=[{chars}])(?=[{SPECIAL.replace(chars, '')}])" for chars in GROUPS.values()))
_NUMBER = re.compile(r"\d+(?:[.,．，٫٬]\d+)+")
_GROUPED = re.compile(
    r"\d{1,3}(?:[,，٬]\d{3}(?!\d))+(?:[.．٫]\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?:[.．]\d{3}){2,}(?:[,，]\d+)?"
)
_POINT = {".": "\x01", "．": "\x01", "٫": "\x01", ",": "\x02", "，": "\x02", "٬": "\x02"}


def group_of(char: str) -> str:
    if char.isascii():
        return OTHER
    return next((name for name, has in _HAS.items() if has.match(char)), OTHER)


def pieces(chunk: str) -> list[str]:
    """The words of text without gaps: it is cut where groups meet."""
    return _PIECE.findall(chunk)


def number_edits(text: str) -> list[Edit]:
    """What becomes of points and commas inside numbers: 1,000 is 1000; 3.5 and 3,5 are one word; 29.10.2018 is three."""
    edits: list[Edit] = []
    done = 0
    for place in _signs(text):
        if place < done:
            continue
        start = place
        while start > done and text[start - 1].isdecimal():
            start -= 1
        match = _NUMBER.match(text, start)
        if match:
            done = match.end()
            edits.extend(_number(match[0], start))
    return edits


def split_number_edits(text: str, gone: Iterable[tuple[int, int]], known: list[Edit]) -> list[Edit]:
    """`known` and what becomes of numbers that default-ignorables (`gone`) stand in: 1,<ZWSP>000 is 1000, too."""
    inside = [(start, end) for start, end in gone if _in_number(text[start - 1 : start]) and _in_number(text[end : end + 1])]
    if not inside:
        return known
    place_of = list(range(len(text)))
    for start, end in reversed(inside):
        del place_of[start:end]
    edits = {edit[0]: edit for edit in known}
    for start, _, put in number_edits("".join(text[place] for place in place_of)):
        at = place_of[start]
        if not put or at not in edits:
            edits[at] = (at, at + 1, put)
    return sorted(edits.values())


def _in_number(char: str) -> bool:
    return char.isdecimal() or char in _POINT


def _signs(text: str) -> list[int]:
    """Points and commas between digits. Hopping by `find` costs a third of a search for digits."""
    places: list[int] = []
    last = len(text) - 1
    for sign in ".," if text.isascii() else _POINT:
        place = text.find(sign, 1)
        while 0 < place < last:
            if text[place + 1].isdecimal() and text[place - 1].isdecimal():
                places.append(place)
            place = text.find(sign, place + 1)
    return sorted(places)


def _number(number: str, start: int) -> list[Edit]:
    signs = [(place, _POINT[char]) for place, char in enumerate(number) if char in _POINT]
    grouped = _GROUPED.fullmatch(number)
    if grouped is None:
        return [(start + place, start + place + 1, sign) for place, sign in signs] if len(signs) == 1 else []
    decimal = signs[-1][0] if len({sign for _, sign in signs}) == 2 else -1
    if len(signs) == 1 and signs[0][1] == "\x01":
        decimal = signs[0][0]
    return [(start + place, start + place + 1, sign if place == decimal else "") for place, sign in signs]


def seams(folded: str) -> list[Edit]:
    """Spaces to put where groups meet, and to take out between Han or kana (decisions 13 and 22)."""
    if folded.isascii() or not _HAS_SPECIAL.search(folded):
        return []
    edits: list[Edit] = []
    length = len(folded)
    for run in _ALPHABET_RUN.finditer(folded):
        start, end = run.span()
        if start and folded[start - 1] not in GAPS:
            edits.append((start, start, " "))
        if end < length and folded[end] not in GAPS:
            edits.append((end, end, " "))
    if sum(1 for has in _HAS.values() if has.search(folded)) > 1:
        edits.extend((match.start(), match.start(), " ") for match in _MEETING.finditer(folded))
    if _HAS["cjk"].search(folded):
        edits.extend((*match.span(1), "") for match in _CJK_SPACE.finditer(folded))
    return sorted(edits)
