"""Second matchers, slow and simple: they try every stretch of a text and say by the language's text whether it is the term.

They share nothing with the matcher but the list of particles; each knows one family of scripts, and just the characters of its alphabet.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.rules.scripts.korean import PARTICLES

Stretch = tuple[int, int]

IGNORABLE = "\u00ad\u200b\u200d\ufeff"
ENDERS = "™²①"
MARKS = "\u0301\u0323"
GAPS = " \n,-–’.&#"
ALPHABETIC = "abAßéｆﬁøıİЙйеёσς" + MARKS + ENDERS + IGNORABLE + GAPS


def _units(text: str) -> list[tuple[int, int, str]]:
    """Start and end of each base with its marks, and the letters that it is: "" for gaps, None is no letter at all."""
    out: list[tuple[int, int, str]] = []
    for at, char in enumerate(text):
        before = [number for number, (start, _, _) in enumerate(out) if text[start] not in IGNORABLE]
        if unicodedata.category(char) == "Mn" and before:
            start = out[before[-1]][0]
            del out[before[-1] :]
            out.append((start, at + 1, _letters(text[start : at + 1])))
        else:
            out.append((at, at + 1, _letters(char)))
    return out


def _letters(unit: str) -> str:
    plain = unicodedata.normalize("NFKD", "".join(char for char in unit if char not in IGNORABLE))
    kept = re.sub("(?<![иИ])\u0306", "", re.sub("[\u0301\u0323\u0307\u0308]", "", plain))
    folded = unicodedata.normalize("NFC", kept.casefold()).translate({ord("ø"): "o", ord("ı"): "i", ord("ς"): "σ"})
    return "".join(char for char in folded if char.isalnum())


def _words(text: str) -> list[str]:
    cut = "".join(
        letters or ("" if all(char in IGNORABLE + MARKS for char in text[start:end]) else " ") for start, end, letters in _units(text)
    )
    return cut.split()


def alphabetic(term: str, text: str, *, apart: bool = False) -> set[Stretch]:
    """Words of Latin, Greek and Cyrillic: they begin and end at gaps, default-ignorables, and ™ and its like.

    With `apart` those stretches, too, that are the term only if words are parted inside it where no gap stands.
    """
    wanted = _words(term)
    units = _units(text)
    found: set[Stretch] = set()
    for first, (start, _, opening) in enumerate(units):
        if not opening or not (first == 0 or _breaks(text, units[first - 1]) or text[start] in ENDERS):
            continue
        for last in range(first, len(units)):
            end = units[last][1]
            after = last + 1 == len(units) or _breaks(text, units[last + 1]) or text[units[last][0]] in ENDERS
            if units[last][2] and after and (_words(text[start:end]) == wanted or (apart and _is_apart(text[start:end], wanted))):
                found.add((start, end))
    return found


def _is_apart(stretch: str, wanted: list[str]) -> bool:
    """Whether a stretch is the words if it may have a space at each default-ignorable and ™, and ™ and ² may be read over."""
    gap = "(?:(?<= ) *| +)"
    out: list[str] = []
    for start, end, letters in _units(stretch):
        if not letters:
            out.append(" *" if all(char in IGNORABLE + MARKS for char in stretch[start:end]) else gap)
        elif stretch[start] in ENDERS:
            out.append(f"(?: *{letters} *|{gap})" if stretch[start] in "™²" else f" *{letters} *")
        else:
            out.append(letters + (" *" if any(char in IGNORABLE for char in stretch[start:end]) else ""))
    return re.fullmatch("".join(out), " ".join(wanted)) is not None


def _breaks(text: str, unit: tuple[int, int, str]) -> bool:
    return not unit[2] or text[unit[0]] in ENDERS


LONE_MARK = re.compile("(?:(?<=[ \n，・])|^)[\u3099\u309aﾞﾟ]+")
CJK = "制裁豁免かきがはぱアｱﾊ\u3099\u309aﾞﾟ" + " \n，・a"


def cjk(term: str, text: str) -> set[Stretch]:
    """Han and kana: no word ends; white space between them means nothing in a text, and any gap in a term is any gap."""
    pattern = _cjk_pattern(term)
    units = _cjk_units(text)
    found: set[Stretch] = set()
    for first in range(len(units)):
        for last in range(first, len(units)):
            inside = "".join(letters for _, _, letters in units[first : last + 1])
            ends = (units[first][2] + units[last][2]).replace("a", "")
            if len(ends) >= 2 and "·" not in (units[first][2], units[last][2]) and " " not in ends and pattern.fullmatch(inside):
                found.add((units[first][0], units[last][1]))
    return found


def _cjk_units(text: str) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for at, char in enumerate(text):
        if char in "\u3099\u309aﾞﾟ" and out and out[-1][2] not in (" ", "·"):
            start = out[-1][0]
            out[-1] = (start, at + 1, unicodedata.normalize("NFKC", text[start : at + 1]))
        else:
            letters = " " if char.isspace() else "·" if char in "，・" else unicodedata.normalize("NFKC", char)
            out.append((at, at + 1, letters))
    return out


def _cjk_pattern(term: str) -> re.Pattern[str]:
    joined = "".join(letters for _, _, letters in _cjk_units(term)).strip(" ·")
    parts = re.findall("[ ·]+|[^ ·]", joined)
    out: list[str] = []
    for number, part in enumerate(parts):
        if part[0] in " ·":
            out.append("[ ·]*")
        else:
            if number and parts[number - 1][0] not in " ·":
                out.append(" *")
            out.append(part)
    return re.compile("".join(out))


HANGUL = "제재면를은에서까지 ,a"


def korean(term: str, text: str) -> set[Stretch]:
    """Hangul words with up to three particles after each, and words of Latin letters, which end where the two meet."""
    some = "(?:" + "|".join(PARTICLES) + "){0,3}"
    words = re.findall("[가-힣]+|a+", term)
    parts = [word + (some if word[0] != "a" else f"(?:(?={some}(?![가-힣])){some})") for word in words[:-1]]
    gap = "(?:[ ,]+|(?<=[가-힣])(?=a)|(?<=a)(?=[가-힣]))"
    body = gap.join([*parts, words[-1]])
    left = "(?<![가-힣])" if words[0][0] != "a" else "(?<!a)"
    right = f"(?={some}(?![가-힣]))" if words[-1][0] != "a" else "(?!a)"
    pattern = re.compile(f"{left}({body}){right}")
    return {match.span(1) for start in range(len(text)) if (match := pattern.match(text, start))}
