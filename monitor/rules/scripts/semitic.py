"""Letters that Arabic and Hebrew write in front of a word without being part of it (decision 21)."""

from __future__ import annotations

import re

ARABIC = "(?:[وفبكلس]{0,2}ال|[وف]?لل|[وفبكلس]{0,2})"
"""Up to two of and, then, with, as, for, will, and the article; li and the article together are written لل."""

HEBREW = "[והבכלמש]{0,2}ה?"
"""Up to two of and, the, in, as, to, from, that, and the article."""

BEFORE = {"arabic": ARABIC, "hebrew": HEBREW}
LONGEST = 4  # letters of a prefix at most
_BEFORE = {group: re.compile(pattern) for group, pattern in BEFORE.items()}


def are_prefixes(group: str, letters: str) -> bool:
    """Whether these letters before a word of that group are prefixes alone."""
    return not letters or _BEFORE[group].fullmatch(letters) is not None
