"""Writes `fold_table.py` from Unicode's own data: `python -m monitor.rules.make_fold_table`.

What the text form does to one code point follows from its category, its compatibility decomposition, its case folding
and the marks rules of the query language (decisions 12, 14, 15, 17). It is worked out once and shipped, because reading
all of Unicode at each start would cost most of a second.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.rules.letters import (
    APOSTROPHES,
    FIRST_PICTURE,
    IGNORABLE,
    LAST_PICTURE,
    NIKHAHIT,
    ORDINALS,
    PUNCTUATION,
    SARA_AM,
    SPACE,
    fold_letters,
    gap,
    is_dropped,
    is_gap,
    is_ignorable,
    is_mark,
)


def fold_one(char: str) -> str:
    if is_gap(char) and (char in APOSTROPHES or not has_letters(char)):
        return gap(char)
    if char in SARA_AM:
        return char
    return fold_letters(char)


def has_letters(char: str) -> bool:
    """A symbol that stands for letters or digits: ™ ㎏ ①."""
    return unicodedata.category(char)[0] == "S" and any(part not in (PUNCTUATION, SPACE) for part in fold_letters(char))


def is_ender(char: str) -> bool:
    """A word ends at the original character, whatever it stands for: ™ ¹ ₂ ① ㎏."""
    return char in ORDINALS or unicodedata.category(char) == "No" or has_letters(char)


def joins(char: str) -> bool:
    """Composes with, or moves before, what stands in front of it."""
    first = unicodedata.normalize("NFKD", char)[0]
    if char in NIKHAHIT or unicodedata.combining(first):
        return True
    return any(unicodedata.normalize("NFC", base + first) != base + first for base in BASES.get(first, ()))


def _bases() -> dict[str, set[str]]:
    bases: dict[str, set[str]] = {}
    for char in assigned():
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            bases.setdefault(chr(int(parts[1], 16)), set()).add(chr(int(parts[0], 16)))
    return bases


def assigned() -> Iterator[str]:
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co"):
            yield chr(code)


BASES = _bases()


def ranges(chars: Iterable[str]) -> str:
    """The inside of a character class of `re`."""
    out: list[list[int]] = []
    for code in sorted(set(map(ord, chars))):
        if out and out[-1][1] == code - 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return "".join(_escape(low) if low == high else f"{_escape(low)}-{_escape(high)}" for low, high in out)


def _escape(code: int) -> str:
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


GROUPS = ("punctuation", "space", "dropped", "joining", "changing", "kept", "jamo", "enders")
# joining: kept marks that only an unnormalised text needs looked at; changing: what joins and is never NFKC itself


def is_jamo(char: str) -> bool:
    """Parts of Hangul syllables, in any of their three blocks."""
    first = unicodedata.normalize("NFKD", char)[0]
    return 0x1100 <= ord(first) <= 0x11FF and not 0xAC00 <= ord(char) <= 0xD7A3 and len(unicodedata.normalize("NFKD", char)) == 1


def tables() -> dict[str, object]:
    simple: dict[str, str] = {}
    special: dict[str, str] = {}
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for char in assigned():
        if char.isascii() or is_ignorable(char):
            continue
        if is_dropped(char):
            groups["dropped"].append(char)
            continue
        if is_jamo(char):
            groups["jamo"].append(char)
            continue
        if is_mark(char) or char in SARA_AM:
            groups["kept"].append(char)
        if joins(char):
            changes = char in NIKHAHIT or unicodedata.normalize("NFKC", char) != char
            groups["changing" if changes else "joining"].append(char)
            continue
        folded = fold_one(char)
        if is_ender(char):
            groups["enders"].append(char)
            special[char] = folded
        elif folded == PUNCTUATION:
            groups["punctuation"].append(char)
        elif folded == SPACE:
            groups["space"].append(char)
        elif len(folded) != 1:
            special[char] = folded
        elif folded != char:
            simple[char] = folded
    pictures = range(ord(FIRST_PICTURE), ord(LAST_PICTURE) + 1)
    groups["punctuation"] += [chr(code) for code in pictures if unicodedata.category(chr(code)) == "Cn"]
    groups["punctuation"] += [chr(code) for code in (*range(0xD800, 0xF900), *range(0xF0000, 0xFFFFE), *range(0x100000, 0x10FFFE))]
    return {"simple": simple, "special": special, **groups}


def render() -> str:
    found = tables()
    simple, special = found["simple"], found["special"]
    assert isinstance(simple, dict)
    assert isinstance(special, dict)
    lines = [
        '"""Generated by make_fold_table.py: what the text form does to single code points. Do not edit."""',
        "",
        f'UNIDATA = "{unicodedata.unidata_version}"',
        f'SIMPLE_FROM = "{"".join(map(_literal, simple))}"',
        f'SIMPLE_TO = "{"".join(map(_literal, simple.values()))}"',
        f'SPECIAL_FROM = "{"".join(map(_literal, special))}"',
        f'SPECIAL_TO = "{"|".join("".join(map(_literal, text)) for text in special.values())}"',
        f'IGNORABLE = r"{ranges(chr(code) for low, high in IGNORABLE for code in range(low, high + 1))}"',
    ]
    for name in GROUPS:
        chars = found[name]
        assert isinstance(chars, list)
        lines.append(f'{name.upper()} = r"{ranges(chars)}"')
    return "\n".join(lines) + "\n"


def _literal(char: str) -> str:
    code = ord(char)
    if char.isascii() and char.isprintable() and char not in '"\\':
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


if __name__ == "__main__":
    Path(__file__).with_name("fold_table.py").write_text(render(), encoding="utf-8")
