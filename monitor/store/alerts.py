"""From a match to an alert and its deliveries: once for each rule and story, in the transaction that stores the match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitor.model import Article
from monitor.store import changes, holding, mutes, sql, stories
from monitor.store.tables import alerts, matches, rules

if TYPE_CHECKING:
    from monitor.store.articles import Matched, ReadReport

GROWN = 4 / 3  # of the articles a story had when it alerted: then `again: on_change` alerts once more


@dataclass(frozen=True, slots=True)
class Place:
    """Where a match was found: the article, its story, and what a mute looks at."""

    article_id: int
    story_id: int
    host: str = ""
    article: Article | None = None


def store(
    conn: sa.Connection,
    now: float,
    place: Place,
    matched: Sequence[Matched],
    report: ReadReport,
    made: list[changes.Change],
    policies: holding.Policies | None = None,
) -> None:
    """Stores matches that are new, and for each an alert or the reason for none."""
    if not matched:
        return
    ids = dict(conn.execute(sa.select(rules.c.name, rules.c.id).where(rules.c.name.in_([m.rule for m in matched]))).all())
    known = set(conn.execute(sa.select(matches.c.rule_id).where(matches.c.article_id == place.article_id)).scalars())
    told = {
        row.rule_id: row
        for row in conn.execute(
            sa.select(alerts.c.rule_id, alerts.c.round, alerts.c.articles)
            .where(alerts.c.story_id == place.story_id)
            .order_by(alerts.c.round)
        )
    }
    size = stories.size(conn, place.story_id)
    for match in sorted(matched, key=lambda m: (m.severity.rank, m.rule)):
        rule_id = ids.get(match.rule) or _rule(conn, now, match)
        if rule_id in known:
            continue
        alert_id, last = None, told.get(rule_id)
        if last is None or (match.again == "on_change" and size >= last.articles * GROWN):
            again = 0 if last is None else last.round + 1
            alert_id = _alert(conn, now, rule_id, place, match, (again, size), report, made, policies)
        conn.execute(
            sa.insert(matches).values(
                rule_id=rule_id,
                article_id=place.article_id,
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
    place: Place,
    match: Matched,
    growth: tuple[int, int],
    report: ReadReport,
    made: list[changes.Change],
    policies: holding.Policies | None,
) -> int:
    uid = sql.new_uid()
    muted, ended = _mutes(conn, now, place, match, policies)
    not_before = None
    if match.throttle is not None and policies is not None and muted is None:
        not_before = holding.rule_free_at(conn, now, rule_id, match.throttle, policies)
    alert_id: int = conn.execute(
        sa.insert(alerts)
        .values(
            uid=uid,
            rule_id=rule_id,
            rule=match.rule,
            query=match.query,
            notify=sql.dump(list(match.notify)),
            severity=match.severity,
            article_id=place.article_id,
            story_id=place.story_id,
            round=growth[0],
            articles=growth[1],
            note=None if ended is None else ended_note(ended),
            muted_by=None if muted is None else muted.id,
            throttled_until=not_before,
            created_at=now,
            changed_at=now,
        )
        .returning(alerts.c.id)
    ).scalar_one()
    if muted is not None:
        mutes.count_one(conn, muted.id)
    if ended is not None:
        mutes.told_end(conn, ended.id)
    report.alerts.append((uid, match.rule))
    made.append(changes.Change("alert.created", [uid]))
    alert = holding.Alert(alert_id, place.story_id, match.severity, muted is not None, not_before)
    told, escalate_at = holding.deliver(conn, now, alert, match.notify, policies)
    if escalate_at is not None:
        conn.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(escalate_at=escalate_at))
    report.told |= told
    return alert_id


def _mutes(
    conn: sa.Connection, now: float, place: Place, match: Matched, policies: holding.Policies | None
) -> tuple[mutes.Mute | None, mutes.Mute | None]:
    if policies is None:
        return None, None
    listed = mutes.telling(conn)
    if not listed:
        return None, None
    about = holding.About(match.rule, str(place.story_id), place.host, place.article or Article())
    return policies.mute(listed, about, now)


def ended_note(mute: mutes.Mute) -> str:
    """What the first alert after a mute says."""
    scope = ", ".join(f"{key} {value}" for key, value in mute.scope.items())
    when = f"{datetime.fromtimestamp(mute.over, UTC):%d %b %Y %H:%M} UTC" if mute.over is not None else "now"
    kept = f"{mute.muted:,} alert{'' if mute.muted == 1 else 's'}"
    return f"A mute of {scope} by {mute.actor} ended {when}; it kept {kept} back"
