"""Trying rules on what is stored: what they would have brought, and how two versions differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from monitor.pipeline.backtest import Alerting, Backtest, Match
from monitor.pipeline.search import judge
from monitor.rules import Query
from monitor.store import judged
from monitor.store import search as index
from monitor.store.database import Store
from monitor.store.listing.common import stamp


async def trial_of(
    store: Store, ran: Backtest, queries: Sequence[Query], about: dict[str, Any], now: float, zone: ZoneInfo, keep: int | None
) -> dict[str, Any]:
    """What a query would have brought, as the API and `rules test --json` tell it; of two queries also how they differ."""
    judgement = await store.read(judged.precision, about["rule"], None) if about["rule"] else (0, 0)
    answer = {
        **about,
        "since": stamp(ran.since),
        "until": stamp(now),
        "looked_at": ran.articles,
        "took_s": round(ran.took, 3),
        "articles": len(ran.matches[0]),
        "stories": len(ran.stories(0)),
        "alerts_a_day": round(ran.alerts_a_day(0, now), 2),
        "judged": {"relevant": judgement[0], "judged": judgement[1]} if judgement[1] else None,
        "days": [{"day": day, "count": count} for day, count in ran.days(0, zone).items()],
        "terms": [{"term": term, "count": count} for term, count in ran.terms(0)],
        "samples": await _samples(store, ran.matches[0][:keep], queries[0]),
    }
    if len(queries) > 1:
        ours, theirs = ({match.doc.article_id for match in ran.matches[number]} for number in (0, 1))
        gone = [match for match in ran.matches[1] if match.doc.article_id not in ours]
        new = [match for match in ran.matches[0] if match.doc.article_id not in theirs]
        answer["gone"] = {
            "count": len(gone),
            "acked": await store.read(judged.acked, about["compare"], [match.doc.article_id for match in gone]),
            "samples": await _samples(store, gone[:keep], queries[1]),
        }
        answer["new"] = {"count": len(new), "samples": await _samples(store, new[:keep], queries[0])}
    return answer


async def _samples(store: Store, matches: Sequence[Match], query: Query) -> list[dict[str, Any]]:
    return [{**found.item(), "at": found.doc.at} for found in await judge(store, query, [match.doc for match in matches])]


async def alerting(store: Store, alerts: Sequence[Alerting]) -> list[dict[str, Any]]:
    """Alerts that would be made, each with the article that makes it."""
    rows = await store.read(index.load, [one.match.doc.article_id for one in alerts])
    return [
        {
            "rule": one.rule,
            "at": stamp(one.match.doc.at),
            "article": str(one.match.doc.article_id),
            "url": rows[one.match.doc.article_id].url,
            "site": rows[one.match.doc.article_id].host,
            "title": rows[one.match.doc.article_id].title,
            "terms": dict(one.match.terms),
        }
        for one in alerts
        if one.match.doc.article_id in rows
    ]
