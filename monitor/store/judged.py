"""What people said of a rule's alerts: its precision, and what was said of the alerts of some stories."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from monitor.store import sql
from monitor.store import tables as t


def precision(conn: sa.Connection, rule: str, since: float | None) -> tuple[int, int]:
    """How many of a rule's alerts were taken up, and how many were judged: taken up, or dismissed as not relevant."""
    al, r = t.alerts.c, t.rules.c
    judged = sa.or_(al.state == "acked", sa.and_(al.state == "dismissed", al.reason.in_(("not relevant", "not-relevant"))))
    where = [r.name == rule, judged] + ([] if since is None else [al.created_at >= since])
    rows = conn.execute(sa.select(al.state, sa.func.count()).join(t.rules, r.id == al.rule_id).where(*where).group_by(al.state))
    counts: dict[str, int] = dict(rows.all())
    return counts.get("acked", 0), sum(counts.values())


def acked(conn: sa.Connection, rule: str, articles: Sequence[int]) -> int:
    """How many of these articles have an alert of the rule that was taken up."""
    al, r, found = t.alerts.c, t.rules.c, 0
    for ids in sql.chunks(articles):
        where = [r.name == rule, al.state == "acked", al.article_id.in_(ids)]
        found += conn.execute(sa.select(sa.func.count()).select_from(t.alerts.join(t.rules, r.id == al.rule_id)).where(*where)).scalar_one()
    return found
