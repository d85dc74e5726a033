"""Whether it is our own network that is down: if nothing at all answers, no feed is to blame."""

from __future__ import annotations

UNREACHABLE = frozenset({"dns", "connect", "timeout"})
_FEWEST = 3
_MOST = 10


class OwnNetwork:
    """Counts hosts that could not be reached since the last answer of any."""

    def __init__(self) -> None:
        self._silent: set[str] = set()
        self._answered: set[str] = set()
        self.down = False
        self._unsure = True  # what was told before the start is not known here

    def answered(self, host: str) -> bool:
        """Some host answered. Answers whether that ends a time of being down; the first answer of all may end one of an earlier run."""
        self._answered.add(host)
        self._silent.clear()
        was, self.down, self._unsure = self.down or self._unsure, False, False
        return was

    def unreachable(self, host: str) -> bool:
        """A host could not be reached. Answers whether this makes it our own network, just now."""
        self._silent.add(host)
        enough = max(_FEWEST, min(_MOST, (len(self._answered) + 1) // 2))
        was, self.down = self.down, self.down or len(self._silent) >= enough
        return self.down and not was
