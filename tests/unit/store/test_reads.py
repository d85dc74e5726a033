"""What a read commits: text, matches, alerts and deliveries together, once."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.model import Severity
from monitor.store import articles, audit, sql
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import OWNER, claim_articles, claim_feeds, load, make_due, matched, news, plan, poll, read, rows, seen


async def test_a_match_makes_an_alert_and_a_delivery_and_wakes_the_lane(store: Store) -> None:
    (article,) = await news(store, "1")
    report = await read(store, article, matched())
    assert report.told
    assert [rule for _, rule in report.alerts] == ["ffvd"]
    (alert,), (delivery,), (lane,) = [await rows(store, table) for table in (t.alerts, t.deliveries, t.lanes)]
    assert (alert.rule, alert.state, sql.load(alert.notify)) == ("ffvd", "open", ["desk"])
    assert (delivery.state, delivery.channel, delivery.alert_id) == ("waiting", "desk", alert.id)
    assert lane.due_at == store.clock()
    sums = await store.read(audit.audit)
    assert (sums.ok, sums.entries) == (True, {"matched": 1})


async def test_an_article_without_a_match_is_told_as_such(store: Store) -> None:
    (article,) = await news(store, "1")
    await read(store, article)
    assert (await store.read(audit.audit)).entries == {"no-match": 1}


async def test_a_rule_alerts_once_for_an_article_however_often_it_is_matched(store: Store) -> None:
    (article,) = await news(store, "1")
    await read(store, article, matched())

    def again(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.update(t.articles).values(due_at=now))

    await store.write(again)
    (article,) = await claim_articles(store)
    report = await read(store, article, matched(), matched("other"))
    assert [rule for _, rule in report.alerts] == ["other"]
    assert len(await rows(store, t.alerts)) == 2


async def test_no_channel_a_gone_channel_and_a_floor_are_reasons_for_no_delivery(store: Store) -> None:
    (article,) = await news(store, "1", wanted=plan(channels=["desk"], min_severity="high"))
    await read(store, article, matched("silent", notify=[]), matched("low", severity=Severity.LOW), matched("gone", notify=["nowhere"]))
    assert {(row.channel, row.reason) for row in await rows(store, t.withheld)} == {
        ("", "no-channel"),
        ("desk", "severity-floor"),
        ("nowhere", "channel-gone"),
    }
    assert await rows(store, t.deliveries) == []
    assert (await store.read(audit.audit)).ok


async def test_a_result_whose_claim_has_passed_to_another_writes_nothing(store: Store) -> None:
    (article,) = await news(store, "1")
    await make_due(store, t.articles)
    (taken,) = await claim_articles(store, "there.start.1")
    late = await read(store, article, matched())
    assert late.lost
    assert await rows(store, t.alerts) == []
    assert not (await read(store, taken, matched())).lost


async def test_a_page_to_try_again_waits_and_matches_nothing(store: Store) -> None:
    (article,) = await news(store, "1")
    done = articles.ReadDone(article, {"why": "page-failed", "why_text": "503", "tries": 1}, wait=60.0, settled=False)
    await store.write(articles.commit_reads, [done])
    (row,) = await rows(store, t.articles)
    assert (row.text_state, row.due_at, row.owner, row.tries) == ("waiting", store.clock() + 60, None, 1)
    assert (await store.read(audit.audit)).entries == {"waiting": 1}


async def test_a_tag_that_comes_later_has_the_article_matched_again(store: Store) -> None:
    wanted = plan(feeds_=["https://a.example/feed", "https://b.example/feed"])
    await load(store, wanted)
    for feed in await claim_feeds(store):
        await poll(store, [], feed=feed)
    await make_due(store, t.feeds)
    first, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    await poll(store, [seen("1")], feed=first)
    (article,) = await claim_articles(store)
    await read(store, article)
    await poll(store, [seen("x", url="https://a.example/1")], feed=second, rematch=True)
    (again,) = await claim_articles(store)
    assert (again.text_state, [name for name, _ in again.feeds]) == ("page", ["https://a.example/feed", "https://b.example/feed"])


async def test_a_tag_that_comes_while_the_article_is_in_hand_is_not_forgotten(store: Store) -> None:
    wanted = plan(feeds_=["https://a.example/feed", "https://b.example/feed"])
    await load(store, wanted)
    for feed in await claim_feeds(store):
        await poll(store, [], feed=feed)
    await make_due(store, t.feeds)
    first, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    await poll(store, [seen("1")], feed=first)
    (article,) = await claim_articles(store)
    await poll(store, [seen("x", url="https://a.example/1")], feed=second, rematch=True)
    await read(store, article)
    (again,) = await claim_articles(store)
    assert len(again.feeds) == 2


async def test_the_same_page_under_its_canonical_address_is_a_duplicate(store: Store) -> None:
    first, second = await news(store, "1", "2")
    await read(store, first, matched(), body="One text.")
    facts = {"canonical_url": first.url}
    report = await read(store, second, matched(), body="One text.", facts=facts, canonical_key=sql.digest(first.url))
    assert report.alerts == []
    sums = await store.read(audit.audit)
    assert (sums.ok, dict(sums.entries)) == (True, {"matched": 1, "duplicate": 1})
    kept = [row.duplicate_of for row in await rows(store, t.articles)]
    assert kept == [None, first.id]


async def test_a_wrong_canonical_address_hides_no_article(store: Store) -> None:
    first, second = await news(store, "1", "2")
    await read(store, first, matched(), body="One text.")
    facts = {"canonical_url": first.url}
    report = await read(store, second, matched(), body="Quite another text.", facts=facts, canonical_key=sql.digest(first.url))
    assert len(report.alerts) == 1


async def test_a_rule_that_another_daemon_brought_still_alerts(store: Store) -> None:
    (article,) = await news(store, "1")
    report = await read(store, article, matched("unknown here"))
    assert len(report.alerts) == 1
    assert (await store.read(audit.audit)).ok


async def test_text_is_stored_as_it_was_and_what_databases_refuse_keeps_its_length(store: Store) -> None:
    (article,) = await news(store, "1")
    await read(store, article, body="a\x00b\ud800\u202ec")
    (row,) = await rows(store, t.articles)
    assert row.body == "a\ufffdb\ufffd\u202ec"


async def test_giving_back_leaves_the_row_due_as_it_was(store: Store) -> None:
    (article,) = await news(store, "1")
    await store.write(articles.give_back_articles, [article])
    (again,) = await claim_articles(store, OWNER + "0")
    assert (again.id, again.since) == (article.id, article.since)
