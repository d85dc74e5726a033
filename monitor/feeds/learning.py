"""What a feed's hours teach about when to ask it. Pure: time is an argument.

A histogram of the week's 168 hours (UTC) counts when a feed published, older weeks for less. Entries that come at a rate
r(t) are seen soonest on average, for a given number of requests, when requests are as dense as the square root of r(t);
that is what `wait` follows. Durations are seconds, times seconds since the epoch, unless a name says otherwise.

A habit is kept as JSON: `at` when it was last brought up to date, `span` how long has been looked at, `n` the 168 counts,
`q` the density of requests by hour as 168 letters (what most polls need, and all that they decode), `rate` the mean of the
square root of entries an hour, `day` entries a day, `last` the latest publication, `gap` the usual longest silence,
`silent` when the feed counts as silent if nothing comes, `cap` the longest interval after a poll that found no known
entry, `ttl` what the document asks.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .silence import silent_from
from .week import BINS, DAY, HOUR, WEEK, hour_of_week

DEFAULT = 900.0  # the mean interval of a feed with the budget of its own
SHORTEST = 60.0
LONGEST = 6 * HOUR
MOST_TTL = 900.0  # what a document asks binds for so long at most: WordPress writes `hourly` everywhere
_MEMORY = 28 * DAY  # a week counts 1/e after so long
_HISTORY = 90 * DAY  # dates of a first document that are older teach nothing
_FEWEST = 6.0  # counts below which every hour is like the next
_SHRINK = 60.0  # counts that an hour of the week needs to weigh as much as its day and its hour by themselves
_FLOOR = 0.15  # share of requests that is spread evenly: habits change
_STEP = 1.12  # between two letters of `q`
_ZERO = 40  # the letter of density 1
_LETTERS = "".join(chr(48 + code) for code in range(75))
_DENSITY = {letter: _STEP ** (code - _ZERO) for code, letter in enumerate(_LETTERS)}
_CALM = 1.1  # by so much a cap grows with each poll that was in time


@dataclass(slots=True)
class Habit:
    """What is known of one feed's hours."""

    at: float
    span: float = 0.0
    counts: list[float] = field(default_factory=lambda: [0.0] * BINS)
    last: float | None = None
    gap: float = 0.0
    cap: float | None = None
    ttl: float = 0.0
    density: str = ""  # empty: every hour alike
    rate: float = 0.0
    daily: float = 0.0
    silent: float | None = None

    @property
    def total(self) -> float:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The part of a habit that decides when to ask next."""

    density: str = ""
    rate: float = 0.0
    cap: float | None = None
    ttl: float = 0.0
    silent: float | None = None
    gap: float = 0.0
    last: float | None = None


NOTHING = Rhythm()


def rhythm(text: str | None) -> Rhythm:
    """Reads the part that a poll needs. A text that can't be read is as none."""
    if not text:
        return NOTHING
    try:
        kept = json.loads(text)
        density = kept.get("q", "")
        if len(density) not in (0, BINS):
            return NOTHING
        return Rhythm(
            density,
            kept.get("rate", 0.0),
            kept.get("cap"),
            kept.get("ttl", 0.0),
            kept.get("silent"),
            kept.get("gap", 0.0),
            kept.get("last"),
        )
    except (ValueError, AttributeError, TypeError):
        return NOTHING


def load(text: str | None) -> Habit | None:
    """The whole habit; None for a text that can't be read."""
    if not text:
        return None
    try:
        kept = json.loads(text)
        counts = [float(count) for count in kept["n"].split(",")]
        if len(counts) != BINS:
            return None
        return Habit(
            at=float(kept["at"]),
            span=float(kept["span"]),
            counts=counts,
            last=kept.get("last"),
            gap=kept.get("gap", 0.0),
            cap=kept.get("cap"),
            ttl=kept.get("ttl", 0.0),
            density=kept.get("q", ""),
            rate=kept.get("rate", 0.0),
            daily=kept.get("day", 0.0),
            silent=kept.get("silent"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def dump(habit: Habit) -> str:
    """The habit as it is kept."""
    kept: dict[str, object] = {
        "at": round(habit.at),
        "span": round(habit.span),
        "n": ",".join(f"{count:.2f}".rstrip("0").rstrip(".") if count >= 0.005 else "0" for count in habit.counts),
    }
    if habit.density:
        kept["q"] = habit.density
        kept["rate"] = round(habit.rate, 4)
    if habit.daily:
        kept["day"] = round(habit.daily, 3)
    for name, value in (("last", habit.last), ("gap", habit.gap), ("cap", habit.cap), ("ttl", habit.ttl), ("silent", habit.silent)):
        if value:
            kept[name] = round(value)
    return json.dumps(kept, separators=(",", ":"))


# -- learning ----------------------------------------------------------------------------------------------------------
def learn(habit: Habit | None, times: Iterable[float | None], now: float, *, since: float | None, ttl: float | None = None) -> Habit:
    """The habit after a poll that brought entries published at `times` (None: undated).

    `since` is the last good poll, None for a first document, whose dates are the history to begin with. A date that can't
    be the entry's publication between the two polls is taken for their middle.
    """
    known = habit if habit is not None else Habit(at=now)
    moments = sorted(_moments(times, now, since))
    if since is None:
        known.span = max(known.span, now - moments[0]) if moments else known.span
        for moment in moments:
            known.counts[hour_of_week(moment)] += math.exp((moment - now) / _MEMORY)
        known.at = now
    else:
        _age(known, now)
        for moment in moments:
            known.counts[hour_of_week(moment)] += 1.0
    for moment in moments:
        if known.last is not None and moment > known.last:
            # The longest gap fades too, so that a habit that quickens is held to its new pace.
            known.gap = max(moment - known.last, known.gap * math.exp((known.last - moment) / _MEMORY))
        known.last = moment if known.last is None else max(known.last, moment)
    if ttl is not None:
        known.ttl = ttl
    _judge(known)
    return known


def shorten(habit: Habit, interval: float) -> None:
    """A poll showed no known entry: some may be lost, so the interval is halved, and stays short for a while."""
    habit.cap = max(SHORTEST, min(interval, habit.cap or interval) / 2)


def ease(habit: Habit) -> None:
    """A poll that was in time: what shortened the interval is let go of by and by."""
    if habit.cap is not None:
        habit.cap *= _CALM
        if habit.cap >= LONGEST:
            habit.cap = None


def _moments(times: Iterable[float | None], now: float, since: float | None) -> Iterable[float]:
    for moment in times:
        if since is None:
            if moment is not None and now - _HISTORY <= moment <= now:
                yield moment
        elif moment is not None and since - HOUR <= moment <= now + HOUR:
            yield min(moment, now)
        else:
            yield (since + now) / 2


def _age(habit: Habit, now: float) -> None:
    passed = max(0.0, now - habit.at)
    fade = math.exp(-passed / _MEMORY)
    habit.counts = [count * fade for count in habit.counts]
    habit.span += passed
    habit.at = max(now, habit.at)


def _judge(habit: Habit) -> None:
    """What follows from the counts: the density of requests, the rate, and when silence begins."""
    total = habit.total
    weeks = _MEMORY / WEEK * (1 - math.exp(-habit.span / _MEMORY))
    habit.daily = total / weeks / 7 if habit.span >= DAY else 0.0
    if total < _FEWEST or habit.span < DAY:
        habit.density, habit.rate, habit.silent = "", 0.0, None
        return
    shares = _shares(habit.counts, total, habit.span)
    roots = [math.sqrt(share) for share in shares]
    mean = sum(roots) / BINS
    habit.rate = math.sqrt(total / weeks) * mean  # entries in an hour of the week are total / weeks × share
    habit.density = _letters(_bounded([root / mean for root in roots]))
    if habit.last is None or habit.gap <= 0 or habit.span < 3 * DAY:
        habit.silent = None
    else:
        habit.silent = silent_from(habit.last, habit.gap, shares, total / weeks)


def _shares(counts: Sequence[float], total: float, span: float) -> list[float]:
    """What part of a week's entries falls into each of its hours."""
    hours = [sum(counts[hour::24]) for hour in range(24)]
    days = [sum(counts[day * 24 : day * 24 + 24]) for day in range(7)]
    smooth = [(hours[h - 1] + 2 * hours[h] + hours[(h + 1) % 24]) / 4 for h in range(24)]
    by_hour = [(1 - _FLOOR) * count / total + _FLOOR / 24 for count in smooth]
    # Days that were not looked at yet say nothing.
    doubt = total * WEEK / span * 0.25
    by_day = [(count + doubt / 7) / (total + doubt) for count in days]
    together = [_SHRINK * day * hour for day in by_day for hour in by_hour]
    return [(count + common) / (total + _SHRINK) for count, common in zip(counts, together, strict=True)]


def _bounded(density: list[float]) -> list[float]:
    """Densities between those of the longest and the shortest interval, with mean 1."""
    low, high = DEFAULT / LONGEST, DEFAULT / SHORTEST
    for _ in range(4):
        if min(density) >= low and max(density) <= high:
            break
        density = [min(max(value, low), high) for value in density]
        mean = sum(density) / BINS
        density = [value / mean for value in density]
    return density


def _letters(density: Sequence[float]) -> str:
    return "".join([_LETTERS[min(max(round(math.log(value, _STEP)) + _ZERO, 0), 74)] for value in density])


# -- asking ------------------------------------------------------------------------------------------------------------
def wait(known: Rhythm, now: float, *, mean: float = DEFAULT) -> float:
    """Seconds until the next poll of a feed whose interval is `auto`. `mean` is the mean interval that its budget allows.

    Requests are laid so that between two of them the density sums up to one: an hour in which much is published begins
    with a request that a quiet hour before it would have put later.
    """
    seconds = mean if not known.density else _walk(known.density, now, mean)
    if known.cap is not None:
        seconds = min(seconds, known.cap)
    seconds = min(max(seconds, SHORTEST), LONGEST)
    return max(seconds, min(known.ttl, MOST_TTL))


def _walk(density: str, now: float, mean: float) -> float:
    needed = mean
    moment = now
    while moment - now < LONGEST:
        dense = _DENSITY.get(density[hour_of_week(moment)], 1.0)
        left = HOUR - moment % HOUR
        if dense * left >= needed:
            return moment - now + needed / dense
        needed -= dense * left
        moment += left
    return LONGEST


def fair_mean(known: Rhythm, scale: float) -> float:
    """The mean interval of a feed out of a budget that many share by expected gain: the busier, the shorter.

    `scale` is such that the budget is spent: the sum over feeds of their rates, by requests a second.
    """
    return min(max(scale / max(known.rate, 1e-9), SHORTEST), LONGEST) if known.density else min(max(scale / 0.1, SHORTEST), LONGEST)
