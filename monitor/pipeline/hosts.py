"""Turns of hosts, as the claiming stages see them: which hosts to leave out, and who waits in hand for a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from monitor.net import Turns

WAVE = 4  # rows of one host that may wait in hand behind each of its turns: they share its kept connections


class Hosted(Protocol):
    @property
    def host(self) -> str: ...


class Numbered(Hosted, Protocol):
    @property
    def id(self) -> int: ...


H = TypeVar("H", bound=Hosted)
N = TypeVar("N", bound=Numbered)


class Hosts:
    """Keeps a slow host from filling a stage: what finds its host's wave full is given back to the store at once."""

    def __init__(self, turns: Turns, per_host: int) -> None:
        self.turns = turns
        self.wave = per_host * WAVE
        self._in_hand: Counter[str] = Counter()

    def without(self) -> list[str]:
        """Hosts that have no room: those with a full wave, and those whose turns are all taken."""
        full = {host for host, number in self._in_hand.items() if number >= self.wave}
        return sorted(full | self.turns.full())

    def admit(self, rows: Sequence[H]) -> tuple[list[H], list[H]]:
        """Splits claimed rows into those that may be worked on and those to give back."""
        taken, back = self._split(rows, self._in_hand)
        self.take(taken)
        return taken, back

    def sorter(self, had: Collection[int] = ()) -> Callable[[Sequence[N]], tuple[list[N], list[N]]]:
        """What `admit` would answer now, and nothing taken: for a transaction that gives back itself, those of `had` in any case."""
        in_hand = dict(self._in_hand)

        def sort(rows: Sequence[N]) -> tuple[list[N], list[N]]:
            taken, back = self._split([row for row in rows if row.id not in had], in_hand)
            return taken, back + [row for row in rows if row.id in had]

        return sort

    def take(self, rows: Sequence[H]) -> None:
        """Rows are in hand that there was room for."""
        self._in_hand.update(row.host for row in rows)

    def _split(self, rows: Sequence[H], in_hand: Mapping[str, int]) -> tuple[list[H], list[H]]:
        taken, back = [], []
        hosts = Counter(in_hand)
        for row in rows:
            if hosts[row.host] < self.wave:
                hosts[row.host] += 1
                taken.append(row)
            else:
                back.append(row)
        return taken, back

    def leave(self, host: str) -> None:
        self._in_hand[host] -= 1
        if self._in_hand[host] <= 0:
            del self._in_hand[host]
