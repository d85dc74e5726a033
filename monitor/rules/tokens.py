"""Words for the search index: it narrows, the matcher decides."""

from __future__ import annotations

import re

from monitor.rules.fold import fold
from monitor.rules.words import CJK, UNSPACED

_PIECE = re.compile(f"[{CJK}]+|[{UNSPACED}]+|[^ \x00{CJK}{UNSPACED}]+")


def tokens(text: str) -> list[str]:
    """The words of a text as the index has them, each once; Han, kana and Thai as overlapping pairs, and the last one by itself."""
    out: list[str] = []
    for match in _PIECE.finditer(fold(text).scan):
        piece = match[0]
        if re.match(f"[{CJK}{UNSPACED}]", piece):
            out.extend(piece[at : at + 2] for at in range(len(piece)))
        else:
            out.append(piece)
    return list(dict.fromkeys(out))
