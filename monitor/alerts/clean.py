"""Outside text made fit to be shown: controls and bidi overrides gone, one line, cut at word ends and never inside a grapheme.

Stored text is never changed; whoever shows or sends it passes it through here, after the matches are marked, since offsets
are those of the stored text (interface, section 2 "Languages").
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"  # they part words, so a space takes their place
_OVERRIDES = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # not the marks U+200E and U+200F, which writing needs
_DROPPED = (*range(0x20), 0x7F, *range(0x80, 0xA0), *_OVERRIDES, *range(0xFFF9, 0xFFFC))
_TABLE: dict[int, str] = dict.fromkeys(_DROPPED, "") | {ord(c): " " for c in _BREAKS}
_TABLE |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_SPACES = re.compile(r"\s+")
_NEEDLESS = re.compile(r"[\s(\[{«“‘„<,;:–—-]+$")  # what looks odd between the last word and the ellipsis
_WORD_SEARCH = 40  # code points: a longer "word" is cut at a grapheme instead
_GRAPHEME_SEARCH = 64  # code points: a longer grapheme is an attack and is cut anywhere


def clean_piece(text: str) -> str:
    """A part of a line: controls and overrides out, each run of white space one space, none stripped at the ends."""
    return _SPACES.sub(" ", text.translate(_TABLE))


def clean(text: str | None) -> str:
    """One line of outside text, without white space at its ends; an absent text is empty."""
    return clean_piece(text).strip() if text else ""


def clean_lines(text: str) -> str:
    """Text of several lines: as `clean`, but line feeds stay."""
    return "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n")).strip("\n")


def cut(text: str, limit: int) -> str:
    """`text` within `limit` code points, "…" included where something was left out; cut at a word's end where one is near.

    Han, kana, Thai and their like have no spaces: there any grapheme ends a word.
    """
    if len(text) <= limit:
        return text
    if limit <= 1:
        return ELLIPSIS[:limit]
    end = _word_end(text, limit - 1)
    return _NEEDLESS.sub("", text[:end]) + ELLIPSIS


def _word_end(text: str, limit: int) -> int:
    for end in range(limit, max(limit - _WORD_SEARCH, limit // 2), -1):
        if is_word_break(text, end):
            return end
    for end in range(limit, max(limit - _GRAPHEME_SEARCH, -1), -1):
        if is_boundary(text, end):
            return end
    return limit


def is_word_break(text: str, at: int) -> bool:
    """Whether a word ends or begins between the code points `at - 1` and `at`."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isspace() or after.isspace():
        return True
    return (_spaceless(before) or _spaceless(after)) and is_boundary(text, at)


def is_boundary(text: str, at: int) -> bool:
    """Whether a cut before the code point `at` keeps graphemes whole (UAX #29, extended clusters; joins rather too much)."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if after < "\u0300" and before < "\u0300":
        return True
    if _extends(after) or _holds_next(before):
        return False
    if _is_indicator(before) and _is_indicator(after):
        return _indicators_before(text, at) % 2 == 0
    return not _one_syllable(before, after)


def _extends(char: str) -> bool:
    """Marks, joiners, emoji modifiers, tags, half-width voicing marks."""
    code = ord(char)
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or code in (0x200C, 0x200D, 0x0E33, 0x0EB3, 0xFF9E, 0xFF9F)
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _holds_next(char: str) -> bool:
    """Joiner, virama, and the few signs that stand before their base."""
    if char == "\u200d" or unicodedata.combining(char) == 9:
        return True
    return unicodedata.category(char) == "Cf" and char > "\u05ff" and unicodedata.bidirectional(char) in ("AN", "AL", "L")


def _is_indicator(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _indicators_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_indicator(text[start - 1]):
        start -= 1
    return at - start


def _one_syllable(before: str, after: str) -> bool:
    """Hangul written in jamo: leading, vowel and trailing letters stay together."""
    return (_hangul(before), _hangul(after)) in _JAMO_PAIRS


_JAMO_PAIRS = frozenset(
    {("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("V", "V"), ("V", "T"), ("LV", "V"), ("LV", "T"), ("LVT", "T"), ("T", "T")}
)


def _hangul(char: str) -> str:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return ""


def _spaceless(char: str) -> bool:
    """A letter of a script that is written without spaces between words."""
    code = ord(char)
    return (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code <= 0x109F  # Myanmar
        or 0x1780 <= code <= 0x17FF  # Khmer
        or 0x2E80 <= code <= 0x312F  # radicals, kana, CJK punctuation
        or 0x31A0 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFF9F
        or 0x20000 <= code <= 0x3FFFF
    )
