"""The likeliest spelling of a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def distance(one: str, other: str, limit: int = 100) -> int:
    """Edit distance with swaps of neighbours (optimal string alignment); anything above `limit` is `limit + 1`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


_BEGINNING = 4  # letters that tell enough of a word, where they are half of it


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None if none is near: up to a third of its letters may differ.

    Where none is that near, one that begins as `word` does: `alias` for `aliases`.
    """
    folded = word.casefold().replace("-", "_").strip()[:100]
    best: tuple[int, str] | None = None
    words = list(known)
    for candidate in words:
        target = candidate.casefold().replace("-", "_")
        limit = max(1, min(len(folded), len(target)) // 3) if best is None else best[0]
        found = distance(folded, target, limit)
        if found <= limit and (best is None or found < best[0]):
            best = (found, candidate)
    if best is None:
        return min((one for one in words if _begun(folded, one.casefold().replace("-", "_"))), key=len, default=None)
    return best[1]


def _begun(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= max(_BEGINNING, len(long) / 2) and long.startswith(short)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found is not None else None
