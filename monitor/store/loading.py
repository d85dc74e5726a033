"""Takes a configuration into the store, in one transaction: feeds, rules and lanes as the files now say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa

from monitor.store import changes, settings, sql
from monitor.store import tables as t


@dataclass(frozen=True, slots=True)
class FeedRow:
    url: str
    name: str
    host: str
    tags: tuple[str, ...] = ()
    interval: float | None = None
    backlog: str = "none"
    body: str = "auto"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    name: str
    query: str
    severity: str
    notify: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class LaneRow:
    channel: str
    type: str
    target: str
    human: bool
    options_hash: str
    min_severity: str | None = None
    digest: str | None = None
    on_unknown: str = "resend"
    digest_at: float | None = None  # when its next digest is due
    digest_empty: str = "skip"


@dataclass(frozen=True, slots=True)
class Plan:
    """A configuration as the store needs it."""

    fingerprint: str
    feeds: Sequence[FeedRow] = ()
    rules: Sequence[RuleRow] = ()
    lanes: Sequence[LaneRow] = ()
    operations: Sequence[str] = ()


@dataclass(slots=True)
class Loaded:
    """What loading changed. `orphans`: channels that are gone, with how many deliveries waited for them."""

    feeds_added: int = 0
    feeds_removed: int = 0
    rules_added: int = 0
    rules_changed: int = 0
    rules_removed: int = 0
    orphans: dict[str, int] = field(default_factory=dict)


def load(conn: sa.Connection, now: float, plan: Plan, instance: str, actor: str = "monitor") -> Loaded:
    """Brings feeds, rules and lanes up to the plan. What waits for a channel that is gone dies with that reason."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(7020390)"))
    loaded = Loaded()
    _feeds(conn, now, plan, loaded)
    _rules(conn, now, plan, loaded)
    _lanes(conn, now, plan, loaded)
    settings.put(conn, "operations", list(plan.operations))
    settings.put(conn, "configuration", {"fingerprint": plan.fingerprint, "at": now, "instance": instance})
    conn.execute(sa.update(t.instances).where(t.instances.c.id == instance).values(fingerprint=plan.fingerprint, reload_error=None))
    changes.log(conn, now, [changes.Change("config.loaded", [], actor=actor, after=plan.fingerprint)])
    return loaded


def orphans(conn: sa.Connection, channels: Sequence[str]) -> dict[str, int]:
    """Channels that are not among these, and how many deliveries wait for each."""
    d = t.deliveries.c
    rows = conn.execute(
        sa.select(d.channel, sa.func.count())
        .where(d.delivered_at.is_(None), d.state != "dead", d.channel.not_in(list(channels)))
        .group_by(d.channel)
        .order_by(d.channel)
    )
    return dict(rows.all())


def _feeds(conn: sa.Connection, now: float, plan: Plan, loaded: Loaded) -> None:
    """A few hundred at a time: ten thousand rows at once would be the largest thing that the daemon ever holds."""
    f = t.feeds.c
    # All are locked first, in the order of their keys: what another daemon commits meanwhile must not be set back.
    configured = dict(conn.execute(sa.select(f.id, f.configured).order_by(f.id).with_for_update()).all())
    for some in sql.chunks(plan.feeds):
        _some_feeds(conn, now, some, configured, loaded)
    gone = [id_ for id_, is_configured in configured.items() if is_configured]
    loaded.feeds_removed = len(gone)
    for ids in sql.chunks(gone):
        conn.execute(sa.update(t.feeds).where(f.id.in_(ids)).values(configured=0, due_at=None, owner=None, since=None))


def _some_feeds(conn: sa.Connection, now: float, feeds: Sequence[FeedRow], configured: dict[int, int], loaded: Loaded) -> None:
    """Takes in `feeds`, and out of `configured` those that are there already."""
    f = t.feeds.c
    columns = (f.id, f.url, f.host, f.polled_url, f.configured, f.interval, f.last_poll_at, f.due_at, f.owner, f.paused_at, f.ended_at)
    stored = {row.url: row for row in conn.execute(sa.select(*columns).where(f.url.in_([feed.url for feed in feeds])))}
    new, kept = [], []
    for feed in feeds:
        row = {**asdict(feed), "tags": sql.dump(list(feed.tags))}
        old = stored.get(feed.url)
        if old is None:
            new.append({**row, "polled_url": feed.url, "added_at": now, "due_at": now})
            continue
        configured.pop(old.id, None)
        due = old.due_at
        asleep = old.paused_at is not None or old.ended_at is not None
        if due is None and not asleep:
            due = now
        elif due is not None and old.owner is None and feed.interval is not None and old.interval != feed.interval and old.last_poll_at:
            due = min(due, old.last_poll_at + feed.interval)
        if old.polled_url != feed.url:
            row["host"] = old.host
        kept.append({**row, "b_id": old.id, "due_at": due})
        loaded.feeds_added += not old.configured
    loaded.feeds_added += len(new)
    sql.many(conn, sa.insert(t.feeds), new)
    names = ("url", "name", "host", "tags", "interval", "backlog", "body", "origin", "due_at")
    statement = sa.update(t.feeds).where(f.id == sa.bindparam("b_id")).values({**{n: sa.bindparam(n) for n in names}, "configured": 1})
    sql.many(conn, statement, sorted(kept, key=lambda row: row["b_id"]))


def _rules(conn: sa.Connection, now: float, plan: Plan, loaded: Loaded) -> None:
    r = t.rules.c
    stored = {row.name: row for row in conn.execute(sa.select(r.id, r.name, r.query, r.configured))}
    new, kept = [], []
    for rule in plan.rules:
        row = {**asdict(rule), "notify": sql.dump(list(rule.notify))}
        old = stored.pop(rule.name, None)
        if old is None:
            new.append({**row, "created_at": now, "changed_at": now})
            continue
        changed = old.query != rule.query
        loaded.rules_changed += changed
        loaded.rules_added += not old.configured
        kept.append({**row, "b_id": old.id, "b_changed": now if changed else None})
    loaded.rules_added += len(new)
    sql.many(conn, sa.insert(t.rules), new)
    names = ("query", "severity", "notify", "origin")
    statement = (
        sa.update(t.rules)
        .where(r.id == sa.bindparam("b_id"))
        .values(
            {
                **{n: sa.bindparam(n) for n in names},
                "configured": 1,
                "changed_at": sa.func.coalesce(sa.bindparam("b_changed", type_=sa.Float), r.changed_at),
            }
        )
    )
    sql.many(conn, statement, sorted(kept, key=lambda row: row["b_id"]))
    gone = sorted(row.id for row in stored.values() if row.configured)
    loaded.rules_removed = len(gone)
    for ids in sql.chunks(gone):
        conn.execute(sa.update(t.rules).where(r.id.in_(ids)).values(configured=0))


def _lanes(conn: sa.Connection, now: float, plan: Plan, loaded: Loaded) -> None:
    lane, d = t.lanes.c, t.deliveries.c
    loaded.orphans = orphans(conn, [row.channel for row in plan.lanes])
    stored = {
        row.channel: row
        for row in conn.execute(
            sa.select(lane.id, lane.channel, lane.options_hash, lane.configured, lane.digest, lane.digest_at)
            .order_by(lane.id)
            .with_for_update()
        )
    }
    for row in plan.lanes:
        values = {**asdict(row), "human": int(row.human), "configured": 1}
        digest_at = row.digest_at
        old = stored.pop(row.channel, None)
        if old is None:
            conn.execute(sa.insert(t.lanes).values(**values, due_at=digest_at))
            continue
        if old.digest == row.digest and old.digest_at is not None:
            del values["digest_at"]
        if old.options_hash != row.options_hash:
            # Another address or key: what stopped it before says nothing of it now.
            values.update(off=0, failures=0, failing_since=None, retry_head=0)
            _unfix(conn, old.id)
            conn.execute(sa.update(t.deliveries).where(d.lane_id == old.id, d.anchor.is_not(None)).values(anchor=None))
        conn.execute(sa.update(t.lanes).where(lane.id == old.id).values(**values))
        if old.options_hash != row.options_hash or not old.configured or old.digest != row.digest:
            due = now if digest_at is None else digest_at
            conn.execute(sa.update(t.lanes).where(lane.id == old.id, lane.owner.is_(None)).values(due_at=due))
    for name in sorted(name for name, row in stored.items()):
        conn.execute(sa.update(t.lanes).where(lane.channel == name).values(configured=0, due_at=None))
        conn.execute(
            sa.update(t.deliveries)
            .where(d.channel == name, d.delivered_at.is_(None), d.state != "dead")
            .values(state="dead", reason="channel-gone", owner=None, due_at=None, text="the channel was taken out of the configuration")
        )


def _unfix(conn: sa.Connection, lane_id: int) -> None:
    """What waits is put together anew: another kind of channel may take it in other pieces."""
    d = t.deliveries.c
    idle = (d.lane_id == lane_id, d.delivered_at.is_(None), d.state.in_(("waiting", "retrying")), d.owner.is_(None))
    conn.execute(sa.update(t.deliveries).where(*idle).values(message=None, bundle=None, state="waiting", aside=0))
    conn.execute(sa.update(t.deliveries).where(*idle, d.held_until.is_(None)).values(due_at=None))


def start(conn: sa.Connection, now: float, instance: str, *, host: str, pid: int, version: str) -> int:
    """A daemon's first transaction: frees what its own instance held when it died. Answers how many rows that were."""
    freed = free(conn, now, instance)
    columns = ["host", "pid", "version", "started_at", "seen_at"]
    conn.execute(
        sql.upsert(conn, t.instances, ["id"], columns).values(id=instance, host=host, pid=pid, version=version, started_at=now, seen_at=now)
    )
    return freed


def free(conn: sa.Connection, now: float, instance: str) -> int:
    """Makes due what an instance has in hand; deliveries among it may have arrived: nobody knows."""
    mine = f"{instance}.%"
    freed = 0
    for table in (t.feeds, t.articles):
        freed += conn.execute(
            sa.update(table).where(table.c.owner.like(mine)).values(due_at=sa.func.coalesce(table.c.since, now), owner=None, since=None)
        ).rowcount
    d = t.deliveries.c
    freed += conn.execute(
        sa.update(t.deliveries).where(d.owner.like(mine), d.delivered_at.is_(None), d.state != "dead").values(state="unknown", owner=None)
    ).rowcount
    lane = t.lanes.c
    held = list(conn.execute(sa.select(lane.id).where(lane.owner.like(mine)).order_by(lane.id)).scalars())
    for lane_id in held:
        # Due at once: what it had in hand goes first, a digest too.
        conn.execute(sa.update(t.lanes).where(lane.id == lane_id).values(due_at=now, owner=None, since=None))
    return freed


def seen(conn: sa.Connection, now: float, instance: str) -> dict[str, object] | None:
    """Notes that an instance lives, and answers which configuration was loaded last, by whom."""
    conn.execute(sa.update(t.instances).where(t.instances.c.id == instance).values(seen_at=now))
    found: dict[str, object] | None = settings.get(conn, "configuration")
    return found


def refused(conn: sa.Connection, now: float, instance: str, error: str) -> None:
    """Notes that a reload was refused, for status."""
    conn.execute(sa.update(t.instances).where(t.instances.c.id == instance).values(reload_error=error[:2000]))


def pull_in(conn: sa.Connection, now: float) -> int:
    """After a step of the clock: rows that are due later than their longest wait are due now."""
    moved = 0
    for table, longest in ((t.feeds, 1.5 * 86400), (t.articles, 6.5 * 3600), (t.lanes, 86400.0)):
        moved += conn.execute(sa.update(table).where(table.c.due_at > now + longest).values(due_at=now)).rowcount
    return moved
