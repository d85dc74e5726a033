"""What the text form makes of letters, marks and gaps: the rules behind the generated table, and for whole units."""

from __future__ import annotations

import unicodedata

PUNCTUATION, SPACE = "\x0b", " "

# Default_Ignorable_Code_Point of DerivedCoreProperties.txt, which unicodedata does not know.
IGNORABLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip

# Letters that carry no mark by Unicode's decomposition and are spelt without it by whoever lacks the key, Hebrew's final forms,
# and the Persian and Urdu code points of letters that Arabic has too.
LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ƀ": "b", "ɨ": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
    "ƶ": "z", "ǥ": "g", "ɫ": "l", "ƙ": "k", "ɗ": "d", "ɓ": "b", "ɑ": "a", "ɡ": "g",
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه",
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
}  # fmt: skip
_SMALL_CAPITALS = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpꞯqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz"
LETTERS |= {chr(first + at): chr(97 + at) for first in (0x1F150, 0x1F170) for at in range(26)}  # white on black: Unicode leaves them
LETTERS |= dict(zip(_SMALL_CAPITALS[::2], _SMALL_CAPITALS[1::2], strict=True))
APOSTROPHES = "\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02ee\ua78b\ua78c"  # letters by category, quotes by use
TATWEEL = "ـ\u07fa"
ORDINALS = "ªº"
FIRST_PICTURE, LAST_PICTURE = "\U0001f000", "\U0001faff"  # blocks of emoji, those to come included
BREVE = "\u0306"
KEPT_COMBINING = ("KATAKANA", "DEVANAGARI", "COMBINING BINDU", "GRANTHA")
NIKHAHIT = "\u0e4d\u0ecd"  # with the following vowel they are what NFKC makes of sara am
SARA_AM = "\u0e33\u0eb3"


def is_ignorable(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in IGNORABLE)


def is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def is_dropped(char: str) -> bool:
    """Marks of Latin, Greek, Cyrillic, Arabic and Hebrew; й and ў keep their breve by being composed before."""
    if char in TATWEEL:
        return True
    if unicodedata.category(char) not in ("Mn", "Me"):
        return False
    name = unicodedata.name(char, "")
    if name.startswith("COMBINING"):
        return not any(word in name for word in KEPT_COMBINING)
    return name.startswith(("ARABIC", "HEBREW"))


def is_gap(char: str) -> bool:
    """Punctuation, symbols, white space, controls, private use. What Unicode has not assigned yet may well be a letter."""
    category = unicodedata.category(char)
    return char in APOSTROPHES or (category[0] in "PSZC" and category != "Cn") or FIRST_PICTURE <= char <= LAST_PICTURE


def gap(char: str) -> str:
    return SPACE if char.isspace() and not "\x1c" <= char <= "\x1f" else PUNCTUATION


def fold_letters(text: str) -> str:
    """The text form of a few code points that belong together: base and marks, jamo, or one by itself."""
    text = unicodedata.normalize("NFKD", text)
    kept: list[str] = []
    for char in text:
        if is_dropped(char) and not (char == BREVE and kept and kept[-1] in "иИуУ"):
            continue
        kept.append(char)
    text = unicodedata.normalize("NFC", "".join(kept).casefold())
    out: list[str] = []
    for char in text:
        if is_ignorable(char):
            continue
        if char in LETTERS:
            out.append(LETTERS[char])
        elif is_gap(char):
            out.append(gap(char))
        elif unicodedata.category(char) == "Nd":
            out.append(str(unicodedata.digit(char)))
        else:
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out))
