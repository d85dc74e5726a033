"""What a feed's hours teach about when to ask it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import learning
from monitor.feeds.learning import DEFAULT, LONGEST, SHORTEST, Habit, Rhythm
from monitor.feeds.week import BINS, DAY, HOUR, WEEK
from tests.bench import interval

MONDAY = 2_550 * WEEK + 4 * DAY  # 00:00 UTC
moments = st.floats(MONDAY - 200 * DAY, MONDAY + DAY)


def _office(weeks: int = 4) -> list[float]:
    """Ten entries an hour from nine to five on working days."""
    days = [MONDAY - week * WEEK + day * DAY for week in range(1, weeks + 1) for day in range(5)]
    return sorted(day + hour * HOUR + minute * 60 for day in days for hour in range(9, 17) for minute in range(0, 60, 6))


def _known(times: list[float], now: float = MONDAY) -> Rhythm:
    return learning.rhythm(learning.dump(learning.learn(None, times, now, since=None)))


@given(st.lists(moments, max_size=60), st.floats(0, WEEK), st.floats(0, 1e6))
@settings(max_examples=60)
def test_whatever_was_learnt_the_wait_is_bounded(times: list[float], later: float, ttl: float) -> None:
    habit = learning.learn(None, times, MONDAY, since=None, ttl=ttl)
    wait = learning.wait(learning.rhythm(learning.dump(habit)), MONDAY + later)
    assert SHORTEST <= wait <= LONGEST
    assert wait >= min(ttl, 900.0)


@given(st.lists(st.one_of(st.none(), moments), max_size=30), st.floats(0, 40 * DAY))
@settings(max_examples=40)
def test_what_is_kept_is_read_back(times: list[float | None], later: float) -> None:
    habit = learning.learn(None, times, MONDAY, since=None)
    habit = learning.learn(habit, times, MONDAY + later, since=MONDAY)
    again = learning.load(learning.dump(habit))
    assert again is not None
    assert again.density == habit.density
    assert again.total == pytest.approx(habit.total, abs=0.01 * BINS)
    assert learning.load(learning.dump(again)) == again


@pytest.mark.parametrize("text", [None, "", "{", "[]", "7", '{"q": "short"}', '{"n": "1,2"}', '{"q": 5}', '{"n": "x", "at": 1, "span": 2}'])
def test_what_can_t_be_read_is_as_nothing(text: str | None) -> None:
    assert learning.load(text) is None
    assert learning.wait(learning.rhythm(text), MONDAY) == DEFAULT


def test_a_feed_of_which_little_is_known_is_polled_each_quarter_of_an_hour() -> None:
    assert learning.wait(_known([]), MONDAY) == DEFAULT
    assert learning.wait(_known([MONDAY - DAY, MONDAY - HOUR]), MONDAY) == DEFAULT


def test_it_is_asked_often_when_it_publishes_and_seldom_when_not() -> None:
    known = _known(_office())
    noon, night, sunday = (learning.wait(known, MONDAY + 7 * DAY + at) for at in (12 * HOUR, 22 * HOUR, -12 * HOUR))
    assert noon < 420
    assert night > 2 * noon
    assert sunday > night


def test_a_quiet_wait_ends_where_the_busy_hours_begin() -> None:
    known = _known(_office())
    monday = MONDAY + 7 * DAY + 8.5 * HOUR
    assert 1800 - 400 < learning.wait(known, monday) < 1800 + 400


def test_the_budget_of_a_feed_is_a_poll_each_quarter_of_an_hour_on_average() -> None:
    known = _known(_office())
    now, polls = MONDAY, 0
    while now < MONDAY + WEEK:
        now += learning.wait(known, now)
        polls += 1
    assert polls == pytest.approx(WEEK / DEFAULT, rel=0.05)


def test_old_weeks_count_for_less() -> None:
    habit = learning.learn(None, _office(), MONDAY, since=None)
    night = [MONDAY + 30 * DAY + day * DAY + 2 * HOUR + minute * 60 for day in range(28) for minute in range(0, 60, 3)]
    for moment in night:
        habit = learning.learn(habit, [moment], moment + 60, since=moment - 600)
    known = learning.rhythm(learning.dump(habit))
    assert learning.wait(known, night[-1] + DAY - 30 * 60) < learning.wait(known, night[-1] + DAY + 10 * HOUR)


def test_dates_that_can_t_be_true_count_where_the_entry_was_seen() -> None:
    habit = Habit(at=MONDAY)
    learned = learning.learn(habit, [None, 0.0, MONDAY + 9e9, MONDAY + 1800], MONDAY + 1860, since=MONDAY)
    assert learned.counts[0] == 4.0
    assert learned.last == MONDAY + 1800


def test_a_poll_without_a_known_entry_shortens_the_interval_and_that_wears_off() -> None:
    habit = learning.learn(None, _office(), MONDAY, since=None)
    learning.shorten(habit, 900.0)
    assert learning.wait(learning.rhythm(learning.dump(habit)), MONDAY + 2 * HOUR) == 450.0
    learning.shorten(habit, 450.0)
    assert habit.cap == 225.0
    for _ in range(60):
        learning.ease(habit)
    assert habit.cap is None


def test_it_never_falls_below_a_minute_however_often_it_rolls_over() -> None:
    habit = Habit(at=MONDAY)
    for _ in range(20):
        learning.shorten(habit, 10.0)
    assert habit.cap == SHORTEST


def test_what_the_document_asks_binds_for_a_quarter_of_an_hour_at_most() -> None:
    assert learning.wait(Rhythm(cap=60.0, ttl=3600.0), MONDAY) == 900.0
    assert learning.wait(Rhythm(cap=60.0, ttl=300.0), MONDAY) == 300.0


# -- silence -----------------------------------------------------------------------------------------------------------
def test_a_feed_is_silent_long_after_its_longest_gap_and_not_for_a_weekend() -> None:
    times = _office()
    known = _known(times, times[-1] + 60)
    assert known.silent is not None
    assert known.silent > times[-1] + 1.5 * 64 * HOUR, "its weekends are 64 h long"
    assert known.silent < times[-1] + 8 * DAY


def test_one_that_publishes_all_day_is_missed_within_hours() -> None:
    times = [MONDAY - 10 * DAY + step * 600 for step in range(1440)]
    known = _known(times)
    assert known.silent == pytest.approx(MONDAY - 600 + 2 * HOUR, abs=HOUR)


def test_one_that_publishes_once_in_a_while_is_never_called_silent() -> None:
    assert _known([MONDAY - week * WEEK for week in range(12)]).silent is None


def test_news_end_the_silence() -> None:
    times = [MONDAY - 10 * DAY + step * 600 for step in range(1440)]
    habit = learning.learn(None, times, MONDAY, since=None)
    late = MONDAY + DAY
    habit = learning.learn(habit, [late], late, since=late - 600)
    assert habit.silent is not None
    assert habit.silent > late
    assert habit.gap == pytest.approx(DAY + 600)


# -- a budget for all ------------------------------------------------------------------------------------------------
def test_the_busier_a_feed_the_shorter_its_share_of_a_common_budget() -> None:
    busy = _known([MONDAY - 14 * DAY + step * 300 for step in range(4032)])
    quiet = _known([MONDAY - 14 * DAY + step * 6 * HOUR for step in range(56)])
    scale = (busy.rate + quiet.rate) / (2 / DEFAULT)
    assert learning.fair_mean(busy, scale) < DEFAULT < learning.fair_mean(quiet, scale)
    spent = 1 / learning.fair_mean(busy, scale) + 1 / learning.fair_mean(quiet, scale)
    assert spent == pytest.approx(2 / DEFAULT)
    assert learning.fair_mean(learning.NOTHING, 1e9) == LONGEST


# -- the gain ----------------------------------------------------------------------------------------------------------
def test_entries_are_seen_a_third_sooner_with_the_same_number_of_requests() -> None:
    chance = Random(7)
    ours, theirs = interval.Seen(), interval.Seen()
    for kind in ("wire", "paper", "paper", "desk", "desk"):
        seen = interval.learnt(interval.made(chance, interval.KINDS[kind], 42), chance)
        ours.add(seen)
        theirs.add(interval.fixed(seen))
    assert ours.polls / 5 / 14 < 100
    assert ours.delays < 0.67 * theirs.delays
