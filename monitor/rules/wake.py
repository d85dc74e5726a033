"""Keys that wake rules: only rules with a key in an article are evaluated on it.

A key is a literal that the scan finds in title or body, or a field's name, `KEY_SIGN` and something of that field:
"lang\x03ko", "site\x03.kcna.kp", or a literal to be found in it, "author\x03 kim". Stems and patterns have such keys too.
"""

from __future__ import annotations

from collections.abc import Sequence

KEY_SIGN = "\x03"
CHECKED_SIGN = "\x04"
"""Between a literal and the number of the term it is of, where the term asks for more, such as exact case."""

WHOLE_TEXT = (None, "lead")
"""Fields of which the scan of title and body tells what may be there."""

Wake = frozenset[str] | None
"""One of these keys is in every article that can match; None: nothing is sure, so the rule is always evaluated."""

_LOOK_ALIKE_BYTES = 24  # beyond this length a literal is as rare as any other


def key(kind: str, value: str) -> str:
    return f"{kind}{KEY_SIGN}{value}"


def any_wakes(wakes: Sequence[Wake]) -> Wake:
    """Keys for an operator that any one of its parts makes true."""
    keys: set[str] = set()
    for wake in wakes:
        if wake is None:
            return None
        keys |= wake
    return frozenset(keys)


def best_wake(wakes: Sequence[Wake]) -> Wake:
    """Keys for an operator that needs all of its parts: those of the part that is the rarest by its look."""
    return min((wake for wake in wakes if wake is not None), key=commonness, default=None)


def commonness(wake: frozenset[str]) -> float:
    """How often one of these keys is likely to be met: the longer a literal the rarer, and a field's value is common."""
    return sum(map(_commonness, wake))


def _commonness(one: str) -> float:
    literal, checked, _ = one.partition(CHECKED_SIGN)
    if KEY_SIGN in literal:
        return 1.0
    return (0.3 if checked else 1.0) * 3.0 ** -min(len(literal.encode()), _LOOK_ALIKE_BYTES)
