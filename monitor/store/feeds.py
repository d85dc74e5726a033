"""Statements of the poll stage: claim due feeds, give back, commit what a poll learned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.store import certificates, changes, entries, notices, pauses, polls, sql
from monitor.store.tables import feeds


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed in hand: what a poll has to know of it."""

    id: int
    url: str
    polled_url: str
    host: str
    name: str
    interval: float | None
    backlog: str
    body: str
    language: str | None
    etag: str | None
    last_modified: str | None
    validator_url: str | None
    body_hash: bytes | None
    failures: int
    kills: int
    moved_to: str | None
    moved_polls: int
    first_good_at: float | None
    last_good_at: float | None
    state: str
    entries: int  # that it has brought so far
    polls: int
    habit: str | None
    since: float
    owner: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What new entries change about a poll: it takes the place of the same parts of PollDone."""

    facts: dict[str, Any]
    wait: float
    notice: notices.Told | None = None


@dataclass(frozen=True, slots=True)
class PollDone:
    """What a poll learned. `facts` are columns of the feed; `wait` seconds until the next poll, None for never."""

    feed: DueFeed
    wait: float | None
    facts: dict[str, Any]
    entries: Sequence[entries.Seen] | None = None  # None: unchanged, or failed
    whole: bool = True  # all that the document lists is among the entries; else those it keeps may not be
    good: bool = False  # a 304, or a document that could be read
    max_age: float | None = None
    notice: notices.Told | None = None
    event: notices.Told | None = None  # something that has no end, told beside the state
    network: notices.Told | None = None  # of our own network, beside the feed's
    learn: Callable[[PollReport], Learnt] | None = None  # asked once it is known which entries are new, if any are
    certificate: certificates.Seen | None = None  # what its host showed, where that is news
    pause: float | None = None  # seconds that all of its host is left alone
    rematch: bool = False  # some rule uses feed: or tag:
    index: Callable[[dict[str, Any]], Collection[str]] | None = None  # the words of an article's row, for the index


@dataclass(slots=True)
class PollReport:
    """What a committed poll brought, for the log and for the next stage."""

    new: int = 0
    backlog: int = 0
    duplicates: int = 0
    known: int = 0
    moved: int = 0  # of the backlog those that came together, dated long before the last good poll
    rolled_over: bool = False
    work: bool = False  # articles are due
    told: bool = False  # deliveries are due
    lost: bool = False  # the lease had passed to another: nothing was written
    wait: float | None = None  # seconds until the next poll
    times: list[float | None] = field(default_factory=list)  # when its new entries were published, by their own word


_COLUMNS = [feeds.c[name] for name in DueFeed.__slots__]


def claim_feeds(
    conn: sa.Connection, now: float, owner: str, limit: int, lease: float, without: Collection[str], mine: Sequence[int] = ()
) -> list[DueFeed]:
    """Takes due feeds whose hosts have a turn left. `without`: hosts to leave out; `mine`: feeds that are in hand, whatever their lease."""
    values: dict[str, Any] = {"c_now": now, "c_until": now + lease, "c_owner": owner, "c_limit": limit}
    if without:
        values["c_without"] = sorted(without)
    if mine:
        values["c_mine"] = list(mine)
    found = conn.execute(_claim(bool(without), bool(mine)), values).all()
    return sorted((DueFeed(*row) for row in found), key=lambda feed: feed.since)


@cache
def _claim(without: bool, mine: bool) -> Any:
    """Made once for each of its forms: a claim of a few would cost less than making its statement."""
    where: list[sa.ColumnElement[bool]] = []
    if without:
        where.append(feeds.c.host.not_in(sa.bindparam("c_without", expanding=True)))
    if mine:
        where.append(feeds.c.id.not_in(sa.bindparam("c_mine", expanding=True)))
    now, until = (sa.bindparam(name, type_=sa.Float) for name in ("c_now", "c_until"))
    owner, limit = sa.bindparam("c_owner", type_=sa.Text), sa.bindparam("c_limit", type_=sa.Integer)
    return sql.claim(feeds, now=now, until=until, owner=owner, limit=limit, where=where).returning(*_COLUMNS)


Sorter = Callable[[Sequence[DueFeed]], tuple[list[DueFeed], list[DueFeed]]]


def claim_and_look(
    conn: sa.Connection,
    now: float,
    owner: str,
    limit: int,
    lease: float,
    without: Collection[str],
    mine: Sequence[int] = (),
    sort: Sorter | None = None,
) -> tuple[list[DueFeed], float | None]:
    """`claim_feeds`, and when the earliest of the rest is due unless as many were taken as asked for: one transaction, one wait.

    `sort` parts the feeds into those that may be worked on and those to give back. It is called where the store runs its
    transactions, and again where one is tried again.
    """
    found = claim_feeds(conn, now, owner, limit, lease, without, mine)
    taken, back = (found, []) if sort is None else sort(found)
    if back:
        give_back_feeds(conn, now, back)
        return taken, min(feed.since for feed in back)
    return taken, None if len(found) == limit else next_due(conn)


def give_back_feeds(conn: sa.Connection, now: float, given: Sequence[DueFeed]) -> None:
    """What had no turn: due again as it was."""
    rows = [{"b_id": f.id, "b_owner": f.owner, "b_since": f.since} for f in sorted(given, key=lambda f: f.id)]
    sql.quick_many(conn, "feeds back", _give_back, rows)


def _give_back() -> sa.Update:
    return (
        sa.update(feeds)
        .where(feeds.c.id == sa.bindparam("b_id"), feeds.c.owner == sa.bindparam("b_owner"))
        .values(due_at=sa.bindparam("b_since"), owner=sa.null(), since=sa.null())
    )


def next_due(conn: sa.Connection) -> float | None:
    """When the earliest feed is due, claimed ones at the end of their lease."""
    return conn.execute(_EARLIEST).scalar()


_EARLIEST = sa.select(sa.func.min(feeds.c.due_at)).where(feeds.c.due_at.is_not(None))


def commit_polls(conn: sa.Connection, now: float, done: Sequence[PollDone]) -> list[PollReport]:
    """Writes what polls learned, entries, articles and the feed's validators together."""
    mine = sql.held(conn, feeds, {poll.feed.id: poll.feed.owner for poll in done})
    reports = [PollReport(lost=poll.feed.id not in mine) for poll in done]
    ordered = sorted(zip(done, reports, strict=True), key=lambda pair: pair[0].feed.id)
    kept = [(poll, report) for poll, report in ordered if not report.lost]
    brought = [(poll, report) for poll, report in kept if poll.entries is not None]
    if brought:
        entries.store(conn, now, [(poll, report) for poll, report in brought])
    made: list[changes.Change] = []
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for poll, report in kept:
        learnt = poll.learn(report) if poll.learn is not None and (report.times or report.rolled_over) else None
        report.wait = poll.wait if learnt is None else learnt.wait
        facts = _facts(poll, report, learnt, now, made)
        for told in _notices(poll, report, learnt, now):
            report.told |= notices.tell(conn, now, told, made)
        if poll.certificate is not None:
            report.told |= certificates.put(conn, now, poll.certificate, made)
        updates.setdefault(tuple(sorted(facts)), []).append(
            {**facts, "b_id": poll.feed.id, "b_entries": report.new + report.backlog + report.duplicates}
        )
    for names, rows in updates.items():
        sql.quick_many(conn, ("feeds", names), lambda names=names: _update(names), rows)  # type: ignore[misc]
    polls.add(conn, now, kept)
    if asked := {poll.feed.host: now + poll.pause for poll, _ in kept if poll.pause}:
        pauses.put(conn, now, asked)
    changes.log(conn, now, made)
    return reports


def _update(names: Sequence[str]) -> sa.Update:
    """The columns of `names`, with counts that are kept beside them."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    values["polls"] = feeds.c.polls + sa.literal_column("1")
    values["entries"] = feeds.c.entries + sa.bindparam("b_entries")
    return sa.update(feeds).where(feeds.c.id == sa.bindparam("b_id")).values(values)


def _facts(poll: PollDone, report: PollReport, learnt: Learnt | None, now: float, made: list[changes.Change]) -> dict[str, Any]:
    facts: dict[str, Any] = {**poll.facts, "owner": None, "since": None, "last_poll_at": now}
    if learnt is not None:
        facts.update(learnt.facts)
    facts["due_at"] = None if report.wait is None else now + report.wait
    if poll.good:
        facts["last_good_at"] = now
    if poll.good and poll.entries is not None:
        facts["last_new"] = report.new
        if poll.feed.first_good_at is None:
            facts["first_good_at"] = now
        if report.new:
            facts["last_new_at"] = now
        if report.rolled_over:
            facts["rolled_over_at"] = now
    state = facts.get("state", poll.feed.state)
    if state != poll.feed.state:
        facts["state_since"] = now
        made.append(changes.Change("feed.changed", [str(poll.feed.id)], before=poll.feed.state, after=state))
    return facts


def _notices(poll: PollDone, report: PollReport, learnt: Learnt | None, now: float) -> Iterable[notices.Told]:
    feed = poll.feed
    for told in (poll.network, poll.notice if learnt is None else learnt.notice, poll.event):
        if told is not None:
            yield told
    if report.rolled_over and poll.entries is not None:
        cause = f"all {len(poll.entries)} entries were new: some before them may have been missed"
        yield notices.feed_event(feed.id, feed.name, feed.url, "rolled-over", cause, _kept_up(feed, now))
    if report.moved:
        cause = f"{report.moved} entries came that it dates over a week before its last good poll: they are stored as backlog"
        remedy = "nothing to do if its site has moved or renumbered its archive; 'monitor search' finds them"
        yield notices.feed_event(feed.id, feed.name, feed.url, "archive", cause, remedy)


def _kept_up(feed: DueFeed, now: float) -> str:
    """What would have shown an entry that was known: half of the time that passed is likely to."""
    passed = now - (feed.last_good_at or now)
    words = next((f"{passed / 2 // size:.0f}{unit}" for size, unit in ((3600, "h"), (60, "m"), (1, "s")) if passed / 2 >= size), "1s")
    if feed.interval is None:
        return f"nothing to do: it is polled more often by itself; an interval of {words} would have kept up"
    return f"poll it more often: an interval of {words} would have kept up"


@dataclass(frozen=True, slots=True)
class FeedCounts:
    total: int = 0
    by_state: dict[str, int] = field(default_factory=dict)
