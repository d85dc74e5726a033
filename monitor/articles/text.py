"""How texts are measured and compared: by letters, by words in any script, by whether a sentence ends."""

from __future__ import annotations

import re

_WORDLESS = re.compile(r"[\W_]+")
_DENSE = re.compile(r"[぀-ヿ㐀-鿿가-힣฀-๿]")
_CLOSED = r"[\"'”’»›」』）)\]]*"
_FULL_STOP = re.compile(rf"[.!?…。！？।؟۔።]{_CLOSED}$")
_ANY_STOP = re.compile(rf"[.!?…。！？।؟۔።:;：；]{_CLOSED}$|[\"”’»」』]$")


def flat(text: str) -> str:
    """The letters and digits of a text, to compare texts whatever happened to their spaces and signs."""
    return _WORDLESS.sub("", text).lower()


def weight(text: str) -> int:
    """How many words a text has; of scripts without spaces two characters count as one (Hangul, which has spaces, too)."""
    words = text.count(" ") + 1
    if text.isascii():
        return words
    return max(words, count_dense(text) // 2)


def count_dense(text: str) -> int:
    """How many of a text's characters are of a script that says more with each: Han, kana, Hangul, Thai."""
    return 0 if text.isascii() else len(_DENSE.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_FULL_STOP.search(text[-8:]))


def ends_clause(text: str) -> bool:
    """Whether a text ends as a sentence, a quotation, or what leads to a list does."""
    return bool(_ANY_STOP.search(text[-8:]))
