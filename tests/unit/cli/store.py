"""A store with a bit of everything, at fixed times: what terminal outputs are held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.store import managed, settings, sql
from monitor.store import tables as t
from monitor.store.database import Store

NOW = 1_540_795_303.0  # 29 October 2018, 15:41:43 in Seoul
HOUR, DAY = 3600.0, 86_400.0

CONFIG = """\
defaults: {timezone: Asia/Seoul, interval: 5m}
feeds:
  - {url: "https://www.koreaherald.com/rss/newsAll", name: "The Korea Herald, all news", tags: [korea]}
  - {url: "https://en.yna.co.kr/RSS/news.xml", name: Yonhap News Agency, tags: [korea, agencies]}
  - {url: "https://example.org/feed", name: "연합뉴스 북한 소식, 아주 긴 이름을 가진 피드"}
  - {url: "https://gone.example/rss", name: Gone}
entities:
  FFVD:
    aliases: ["final, fully verified denuclearization", "최종적이고 완전하게 검증된 비핵화"]
  Kim Jong-un: {type: person, aliases: [Kim Jong Un, 김정은]}
rules:
  - {name: sanctions-exemptions, any: [sanctions exemptions, sanctions waiver*], severity: high, notify: [desk, analysts]}
  - {name: ffvd, query: "entity:FFVD AND NOT site:kcna.kp", notify: [desk]}
channels:
  desk: {type: webhook, url: "https://hooks.example.org/desk"}
  analysts: {type: email, smtp: "smtp://mail.example.org", from: m@example.org, to: [a@example.org]}
operations: [desk]
"""

FEEDS = [
    ("https://www.koreaherald.com/rss/newsAll", "The Korea Herald, all news", '["korea"]', "ok", None, "rss20"),
    ("https://en.yna.co.kr/RSS/news.xml", "Yonhap News Agency", '["korea","agencies"]', "failing", "answered 503, then 502", "rss20"),
    ("https://example.org/feed", "연합뉴스 북한 소식, 아주 긴 이름을 가진 피드", "[]", "ok", None, "atom10"),
    ("https://gone.example/rss", "Gone\x1b[31m\u202e away", "[]", "ended", "answered 410", None),
]
TITLE = "US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea"
BODY = (
    "A senior envoy said that the way to get to the end point is to achieve final, fully, verified denuclearization of North Korea. "
    "The talks touched upon South Korea, which is seeking sanctions exemptions to push for inter-Korean projects."
)


async def fill(state: Path) -> None:
    store = Store("sqlite:///monitor.db", state, clock=lambda: NOW)
    await store.open()
    try:
        await store.write(_fill)
    finally:
        await store.close()


def _fill(conn: sa.Connection, now: float) -> None:
    _put(conn, t.instances, id="i1", host="vm", pid=42, version="1.0.0", started_at=NOW - 3.2 * DAY, seen_at=NOW - 3)
    settings.put(conn, "configuration", {"fingerprint": "f", "at": NOW - 6.5 * HOUR, "instance": "i1"})
    for number, (url, name, tags, state, error, form) in enumerate(FEEDS, 1):
        bad = error is not None
        values: dict[str, Any] = {
            "id": number,
            "url": url,
            "polled_url": url,
            "name": name,
            "tags": tags,
            "host": "h",
            "origin": f"monitor.yaml:{number + 2}",
            "added_at": NOW - 40 * DAY,
            "first_good_at": NOW - 40 * DAY,
            "last_poll_at": NOW - 40,
            "last_good_at": NOW - (HOUR if bad else 40),
            "last_new_at": NOW - 2 * HOUR,
            "last_status": 503 if bad else 200,
            "last_new": 1,
            "last_total": 100,
            "polls": 1200,
            "entries": 3 if number == 1 else 0,
            "error_text": error,
            "error_code": "http" if bad else None,
            "failures": 4 if bad else 0,
            "state": state,
            "format": form,
            "state_since": NOW - 2 * HOUR,
            "language": "en",
            "due_at": None if state == "ended" else NOW + 260,
            "title": name,
            "link": "https://x.org/",
        }
        _put(conn, t.feeds, **values)
    conn.execute(sa.update(t.feeds).where(t.feeds.c.id == 3).values(paused_at=NOW - 5 * HOUR, due_at=None))
    for number, (name, query, severity) in enumerate(
        (
            ("sanctions-exemptions", '"sanctions exemptions" OR "sanctions waiver*"', "high"),
            ("ffvd", "entity:FFVD AND NOT site:kcna.kp", "normal"),
        ),
        1,
    ):
        _put(
            conn,
            t.rules,
            id=number,
            name=name,
            query=query,
            severity=severity,
            notify='["desk","analysts"]',
            origin=f"monitor.yaml:{11 + number}",
            created_at=NOW - 40 * DAY,
            changed_at=NOW - 40 * DAY,
        )
    _articles(conn)
    _alerts(conn)
    managed.put(
        conn, NOW - DAY, [managed.Entry("feed", "https://added.example/rss", "url: https://added.example/rss\nname: Added\n")], "anna"
    )


def _articles(conn: sa.Connection) -> None:
    for number, (title, state, why) in enumerate(
        ((TITLE, "page", None), ("정부, 대북 제재 면제를 요청", "feed-text", "page-thin"), ("Old news", "feed-text", "backlog")), 1
    ):
        _put(
            conn,
            t.articles,
            id=number,
            key=sql.digest(f"koreaherald.com/a/{number}"),
            url=f"https://www.koreaherald.com/a/{number}",
            host="koreaherald.com",
            title=title,
            author="Ock Hyun-ju" if number == 1 else None,
            site="The Korea Herald",
            language="ko" if number == 2 else "en",
            published_at=NOW - 2 * HOUR,
            body=BODY if number == 1 else "제재 면제를 요청했다.",
            text_state=state,
            why=why,
            why_text=why,
            first_seen_at=NOW - 2 * HOUR + number,
            fetched_at=NOW - HOUR,
            matched_at=NOW - HOUR,
            story_id=number,
            news=int(number < 3),
        )
        _put(
            conn,
            t.entries,
            id=number,
            key=sql.digest("e", number),
            feed_id=1,
            guid=f"g{number}",
            article_id=number,
            kind="new" if number < 3 else "backlog",
            title=title,
            published_at=NOW - 2 * HOUR,
            seen_at=NOW - 2 * HOUR + number,
        )
        _put(conn, t.stories, id=number, article_id=number, articles=3 if number == 1 else 1, created_at=NOW - 2 * HOUR)


def _alerts(conn: sa.Connection) -> None:
    start = BODY.index("sanctions exemptions")
    span = {
        "field": "body",
        "start": start,
        "end": start + 20,
        "text": "sanctions exemptions",
        "term": "sanctions exemptions",
        "entity": None,
    }
    spans = sql.dump([span])
    for number, (rule, state) in enumerate((("sanctions-exemptions", "open"), ("ffvd", "acked")), 1):
        _put(conn, t.matches, id=number, rule_id=number, alert_id=number, article_id=1, spans=spans, created_at=NOW - HOUR)
        _put(
            conn,
            t.alerts,
            id=number,
            uid=f"alert{number:011}",
            rule_id=number,
            rule=rule,
            query="q",
            severity="high" if number == 1 else "normal",
            article_id=1,
            story_id=1,
            state=state,
            created_at=NOW - HOUR,
            changed_at=NOW - HOUR,
            notify='["desk","analysts"]',
        )
    lane = {"min_severity": "low", "options_hash": "x"}
    _put(
        conn,
        t.lanes,
        id=1,
        channel="desk",
        type="webhook",
        target="https://hooks.example.org/***",
        failures=2,
        failing_since=NOW - 300,
        due_at=NOW + 40,
        last_status=503,
        last_text="503 from hooks.example.org",
        last_ok_at=NOW - 2 * HOUR,
        **lane,
    )
    _put(
        conn,
        t.lanes,
        id=2,
        channel="analysts",
        type="email",
        target="smtp://mail.example.org → a@example.org",
        human=1,
        last_ok_at=NOW - HOUR,
        **lane,
    )
    rows = (("desk", 1, "waiting", 2, None), ("analysts", 2, "delivered", 1, NOW - HOUR + 4))
    for number, (channel, lane_id, state, tries, delivered) in enumerate(rows, 1):
        _put(
            conn,
            t.deliveries,
            id=number,
            uid=f"delivery{number:08}",
            alert_id=1,
            lane_id=lane_id,
            channel=channel,
            story_id=1,
            state=state,
            tries=tries,
            created_at=NOW - HOUR,
            first_try_at=NOW - HOUR + 1,
            last_try_at=NOW - 300,
            delivered_at=delivered,
            status=503 if delivered is None else 250,
            text="503 from hooks.example.org" if delivered is None else "250 accepted",
        )
        _put(
            conn,
            t.tries,
            delivery_id=number,
            at=NOW - 300,
            delivered=int(delivered is not None),
            status=503,
            text="503 from hooks.example.org",
            took=0.42,
        )
    _put(conn, t.withheld, alert_id=2, channel="analysts", reason="severity-floor")
    _put(conn, t.withheld, alert_id=2, channel="desk", reason="muted")


def _put(conn: sa.Connection, table: sa.Table, **values: Any) -> None:
    conn.execute(sa.insert(table).values(**values))
