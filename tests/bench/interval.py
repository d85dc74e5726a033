"""How soon entries are seen with an interval that is learnt, against a fixed one with the same number of requests.

`run()` simulates feeds of several kinds, made with bursts at the hours of their desks, and, where a folder of captured
feeds is given, feeds that publish at the hours at which these did. No network, no clock.
"""

from __future__ import annotations

import gzip
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from monitor.feeds import learning

DAY, HOUR = 86_400.0, 3_600.0
START = 2_550 * 7 * DAY + 4 * DAY  # a Monday
LEARNT, MEASURED = 21 * DAY, 14 * DAY
WINDOW = 20  # entries that a first document shows


@dataclass(frozen=True, slots=True)
class Kind:
    daily: float  # entries
    cluster: float  # entries that come together


KINDS = {"wire": Kind(250, 2.0), "paper": Kind(60, 4.0), "desk": Kind(15, 3.0), "blog": Kind(1.5, 1.1)}


@dataclass(slots=True)
class Seen:
    delays: float = 0.0
    entries: int = 0
    polls: int = 0

    def add(self, other: Seen) -> None:
        self.delays += other.delays
        self.entries += other.entries
        self.polls += other.polls


def made(chance: Random, kind: Kind, days: int) -> list[float]:
    """Publishing times of a feed whose people work at hours of their own, and whose entries come in clusters."""
    zone = chance.choice([-8, -5, 0, 1, 3, 9])
    daily = kind.daily * math.exp(chance.gauss(0, 0.5))
    opens, closes = chance.uniform(6, 9), chance.uniform(17, 23)
    weekend = chance.choice([0.1, 0.3, 0.6])
    peaks = [(chance.uniform(opens, closes), chance.uniform(0.4, 1.2), chance.uniform(2, 6)) for _ in range(chance.choice([1, 2, 3]))]
    hours = [0.03 + (opens <= h <= closes) + sum(a * math.exp(-(((h + 0.5 - c) / w) ** 2) / 2) for c, w, a in peaks) for h in range(24)]
    times: list[float] = []
    for day in range(days):
        for hour in range(24):
            rate = daily * (weekend if day % 7 >= 5 else 1) * hours[hour] / sum(hours) / kind.cluster
            for _ in range(_poisson(chance, rate)):
                moment = START + day * DAY + (hour - zone) * HOUR + chance.random() * HOUR
                times.append(moment)
                while chance.random() < 1 - 1 / kind.cluster:
                    moment += chance.expovariate(1 / 120)
                    times.append(moment)
    return sorted(times)


def _poisson(chance: Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def captured(folder: Path) -> Iterator[list[float]]:
    """Publishing times of captured feeds that have enough of them."""
    from monitor.errors import ParseError
    from monitor.feeds import parse_feed

    for file in sorted(folder.glob("*.gz")):
        try:
            parsed = parse_feed(gzip.decompress(file.read_bytes()), None)
        except (ParseError, OSError):
            continue
        times = sorted({e.published_at.timestamp() for e in parsed.entries if e.published_at is not None and e.published_at.year > 2000})
        if len(times) >= 15 and len({time % DAY for time in times}) > len(times) // 2:  # dates without a time of day teach nothing
            yield times


def relived(chance: Random, times: Sequence[float], days: int, daily: float = 12.0) -> list[float]:
    """A feed that publishes at the weekdays and hours of a captured one, clusters included, for as long as the simulation needs."""
    runs: list[list[float]] = [[times[0]]]
    for before, moment in zip(times, times[1:], strict=False):
        if moment - before > 0.5 * HOUR:
            runs.append([])
        runs[-1].append(moment)
    weekly = daily * 7 / (len(times) / len(runs))
    found: list[float] = []
    for week in range(days // 7):
        for _ in range(_poisson(chance, weekly)):
            run = chance.choice(runs)
            shift = START + week * 7 * DAY + (run[0] + 3 * DAY) % (7 * DAY) - run[0] + chance.gauss(0, 0.4 * HOUR)
            found += [moment + shift for moment in run]
    return sorted(found)


def learnt(times: Sequence[float], chance: Random, scale: float | None = None) -> Seen:
    """Polls as the daemon does; what is measured are the last two weeks."""
    begin = times[0] + 2 * DAY
    measured, end = begin + LEARNT, begin + LEARNT + MEASURED
    seen, index, last, habit = Seen(), 0, None, None
    now = begin
    while now < end:
        reached = index
        while reached < len(times) and times[reached] <= now:
            reached += 1
        if last is None:
            habit = learning.learn(None, times[max(0, reached - WINDOW) : reached], now, since=None)
        elif reached > index:
            habit = learning.learn(habit, times[index:reached], now, since=last)
        if now >= measured:
            seen.polls += 1
            if last is not None and last >= measured:
                seen.delays += sum(now - moment for moment in times[index:reached])
                seen.entries += reached - index
        index, last = reached, now
        known = learning.rhythm(learning.dump(habit)) if habit is not None else learning.NOTHING
        mean = learning.DEFAULT if scale is None else learning.fair_mean(known, scale)
        now += learning.wait(known, now, mean=mean) * chance.uniform(0.9, 1.1)
    return seen


def fixed(seen: Seen) -> Seen:
    """A fixed interval with as many requests: an entry waits half of it on average, whenever it comes."""
    interval = MEASURED / seen.polls
    return Seen(seen.entries * interval / 2, seen.entries, seen.polls)


def run(folder: Path | None = None, *, feeds: int = 12, seed: int = 1) -> dict[str, dict[str, float]]:
    """Mean delays in seconds, their ratio, and polls a day of a feed, for each kind and for all together.

    `all` compares at the same number of requests of each feed; `shared` gives all feeds one budget, fixed at 15 min each.
    """
    chance = Random(seed)
    groups = {name: [made(chance, kind, 42) for _ in range(feeds)] for name, kind in KINDS.items()}
    if folder is not None:
        groups["captured"] = [relived(chance, times, 42) for times in captured(folder)]
    answer: dict[str, dict[str, float]] = {}
    ours, theirs = Seen(), Seen()
    for name, group in groups.items():
        mine, other = Seen(), Seen()
        for times in group:
            seen = learnt(times, chance)
            mine.add(seen)
            other.add(fixed(seen))
        answer[name] = _compared(mine, other, len(group))
        ours.add(mine)
        theirs.add(other)
    count = sum(len(group) for group in groups.values())
    answer["all"] = _compared(ours, theirs, count)
    answer["shared"] = _shared([times for group in groups.values() for times in group], chance)
    return answer


def _shared(feeds: Sequence[Sequence[float]], chance: Random) -> dict[str, float]:
    rates = []
    for times in feeds:
        habit = learning.learn(None, times, times[-1] + 1, since=None)
        rates.append(habit.rate or 0.1)
    scale = sum(rates) / (len(feeds) / learning.DEFAULT)
    ours, theirs = Seen(), Seen()
    for times in feeds:
        ours.add(learnt(times, chance, scale))
    share = Seen(0.0, 0, ours.polls // len(feeds))
    theirs.add(Seen(ours.entries * MEASURED / share.polls / 2, ours.entries, ours.polls))
    return _compared(ours, theirs, len(feeds))


def _compared(ours: Seen, theirs: Seen, feeds: int) -> dict[str, float]:
    learnt_, fixed_ = ours.delays / ours.entries, theirs.delays / theirs.entries
    return {
        "learnt_s": round(learnt_, 1),
        "fixed_s": round(fixed_, 1),
        "ratio": round(learnt_ / fixed_, 3),
        "polls_a_day": round(ours.polls / feeds / (MEASURED / DAY), 1),
    }


if __name__ == "__main__":
    for name_, figures in run(Path(sys.argv[1]) if len(sys.argv) > 1 else None).items():
        print(f"{name_:<9} {figures}")
