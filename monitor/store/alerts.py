"""From a match to an alert and its deliveries: once for each rule and story, in the transaction that stores the match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitor.model import Severity
from monitor.store import changes, sql
from monitor.store.notices import wake
from monitor.store.tables import alerts, deliveries, lanes, matches, rules, stories, withheld

if TYPE_CHECKING:
    from monitor.store.articles import Matched, ReadReport


def new_story(conn: sa.Connection, now: float, article_id: int) -> int:
    """A story with this article as its first."""
    answer: int = conn.execute(sa.insert(stories).values(article_id=article_id, created_at=now).returning(stories.c.id)).scalar_one()
    return answer


def store(
    conn: sa.Connection,
    now: float,
    article_id: int,
    story_id: int,
    matched: Sequence[Matched],
    report: ReadReport,
    made: list[changes.Change],
) -> None:
    """Stores matches that are new, and for each an alert or the reason for none."""
    if not matched:
        return
    ids = dict(conn.execute(sa.select(rules.c.name, rules.c.id).where(rules.c.name.in_([m.rule for m in matched]))).all())
    known = set(conn.execute(sa.select(matches.c.rule_id).where(matches.c.article_id == article_id)).scalars())
    told = set(conn.execute(sa.select(alerts.c.rule_id).where(alerts.c.story_id == story_id)).scalars())
    for match in sorted(matched, key=lambda m: (m.severity.rank, m.rule)):
        rule_id = ids.get(match.rule) or _rule(conn, now, match)
        if rule_id in known:
            continue
        alert_id = None
        if rule_id not in told:
            alert_id = _alert(conn, now, rule_id, article_id, story_id, match, report, made)
        conn.execute(
            sa.insert(matches).values(
                rule_id=rule_id,
                article_id=article_id,
                alert_id=alert_id,
                reason=None if alert_id else "story-told",
                spans=sql.dump([_span(span) for span in match.spans]),
                created_at=now,
            )
        )


def _rule(conn: sa.Connection, now: float, match: Matched) -> int:
    """A rule that matched and is not in the store: another daemon's configuration; its alert must not be lost for that."""
    answer: int = conn.execute(
        sa.insert(rules)
        .values(
            name=match.rule, query=match.query, severity=match.severity, notify=sql.dump(list(match.notify)), created_at=now, changed_at=now
        )
        .returning(rules.c.id)
    ).scalar_one()
    return answer


def _span(span: Any) -> dict[str, Any]:
    row = {name: sql.clean(value) if isinstance(value, str) else value for name, value in asdict(span).items()}
    if not row["lookalike"]:
        del row["lookalike"]
    return row


def _alert(
    conn: sa.Connection,
    now: float,
    rule_id: int,
    article_id: int,
    story_id: int,
    match: Matched,
    report: ReadReport,
    made: list[changes.Change],
) -> int:
    uid = sql.new_uid()
    alert_id: int = conn.execute(
        sa.insert(alerts)
        .values(
            uid=uid,
            rule_id=rule_id,
            rule=match.rule,
            query=match.query,
            notify=sql.dump(list(match.notify)),
            severity=match.severity,
            article_id=article_id,
            story_id=story_id,
            created_at=now,
            changed_at=now,
        )
        .returning(alerts.c.id)
    ).scalar_one()
    report.alerts.append((uid, match.rule))
    made.append(changes.Change("alert.created", [uid]))
    report.told |= _deliver(conn, now, alert_id, story_id, match)
    return alert_id


def _deliver(conn: sa.Connection, now: float, alert_id: int, story_id: int, match: Matched) -> bool:
    """A delivery for each channel, or the reason for none. Answers whether one is due."""
    if not match.notify:
        conn.execute(sa.insert(withheld).values(alert_id=alert_id, channel="", reason="no-channel"))
        return False
    c = lanes.c
    found = {
        row.channel: row
        for row in conn.execute(sa.select(c.id, c.channel, c.min_severity).where(c.channel.in_(match.notify), c.configured == 1))
    }
    due: list[dict[str, Any]] = []
    held_back: list[dict[str, Any]] = []
    for channel in dict.fromkeys(match.notify):
        lane = found.get(channel)
        if lane is None:
            held_back.append({"alert_id": alert_id, "channel": channel, "reason": "channel-gone"})
        elif lane.min_severity and match.severity.rank > Severity(lane.min_severity).rank:
            held_back.append({"alert_id": alert_id, "channel": channel, "reason": "severity-floor"})
        else:
            due.append(
                {
                    "uid": sql.new_uid(),
                    "alert_id": alert_id,
                    "lane_id": lane.id,
                    "channel": channel,
                    "story_id": story_id,
                    "state": "waiting",
                    "created_at": now,
                }
            )
    sql.many(conn, sa.insert(withheld), held_back)
    sql.many(conn, sa.insert(deliveries), due)
    wake(conn, now, [row["lane_id"] for row in due])
    return bool(due)
