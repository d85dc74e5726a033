"""What a poll makes of a document: which entries are new, which are one, and what is backlog."""

from __future__ import annotations

from monitor.store import audit, feeds, loading
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import Ticks, claim_articles, claim_feeds, load, make_due, plan, poll, read, rows, seen

DAY = 86400.0


async def test_the_first_good_poll_is_backlog_and_wakes_nobody(store: Store) -> None:
    await load(store)
    report = await poll(store, [seen("1"), seen("2")])
    assert (report.new, report.backlog, report.work) == (0, 2, False)
    stored = await rows(store, t.articles)
    assert [(row.text_state, row.why, row.due_at, row.news, row.body) for row in stored] == [
        ("feed-text", "backlog", None, 0, "A summary.")
    ] * 2
    assert (await store.read(audit.audit)).entries == {"backlog": 2}


async def test_an_empty_first_document_is_a_good_poll_and_what_follows_is_news(store: Store) -> None:
    await load(store)
    await poll(store, [])
    await make_due(store, t.feeds)
    report = await poll(store, [seen("1")])
    assert (report.new, report.work) == (1, True)
    assert [article.url for article in await claim_articles(store)] == ["https://a.example/1"]


async def test_backlog_alert_makes_the_first_poll_news(store: Store) -> None:
    await load(store, plan(backlog="alert"))
    assert (await poll(store, [seen("1")])).new == 1


async def test_backlog_read_fetches_pages_and_raises_no_alert(store: Store) -> None:
    await load(store, plan(backlog="read"))
    assert (await poll(store, [seen("1")])).backlog == 1
    (article,) = await claim_articles(store)
    assert article.news == 0
    await read(store, article)
    assert await rows(store, t.alerts) == []
    assert (await store.read(audit.audit)).ok


async def test_a_known_entry_is_not_new_whatever_changes_in_its_date_or_title(store: Store) -> None:
    await load(store)
    await poll(store, [])
    for entry in (seen("1"), seen("1", title="Another title"), seen("1", published=5.0)):
        await make_due(store, t.feeds)
        await poll(store, [entry])
    assert len(await rows(store, t.entries)) == 1


async def test_a_changed_guid_on_a_known_link_is_the_same_entry_within_one_feed(store: Store) -> None:
    await load(store)
    await poll(store, [seen("1")])
    await make_due(store, t.feeds)
    report = await poll(store, [seen("other", url="https://a.example/1")])
    assert (report.new, report.known) == (0, 1)
    assert len(await rows(store, t.entries)) == 1


async def test_the_same_guid_with_another_link_and_title_is_a_new_article(store: Store) -> None:
    await load(store)
    await poll(store, [seen("1")])
    await make_due(store, t.feeds)
    same_title = await poll(store, [seen("1", url="https://a.example/moved")])
    assert same_title.new == 0
    await make_due(store, t.feeds)
    other = await poll(store, [seen("1", url="https://a.example/other", title="Other news")])
    assert other.new == 1
    await make_due(store, t.feeds)
    again = await poll(store, [seen("1", url="https://a.example/other", title="Other news")])
    assert again.new == 0


async def test_an_article_of_another_feed_is_a_duplicate(store: Store) -> None:
    await load(store, plan(feeds_=["https://a.example/feed", "https://b.example/feed"]))
    first, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    await poll(store, [], feed=first)
    await poll(store, [], feed=second)
    await make_due(store, t.feeds)
    first, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    assert (await poll(store, [seen("1")], feed=first)).new == 1
    report = await poll(store, [seen("x", url="https://a.example/1")], feed=second)
    assert (report.new, report.duplicates) == (0, 1)
    assert len(await rows(store, t.articles)) == 1


async def test_two_feeds_that_bring_one_article_in_one_commit_make_it_once(store: Store) -> None:
    await load(store, plan(feeds_=["https://a.example/feed", "https://b.example/feed"]))
    for feed in await claim_feeds(store):
        await poll(store, [], feed=feed)
    await make_due(store, t.feeds)
    done = [feeds.PollDone(feed, 300.0, {}, [seen("1")], good=True) for feed in await claim_feeds(store)]
    reports = await store.write(feeds.commit_polls, done)
    assert sorted((report.new, report.duplicates) for report in reports) == [(0, 1), (1, 0)]
    assert len(await rows(store, t.articles)) == 1


async def test_backlog_that_another_feed_brings_as_news_is_read(store: Store) -> None:
    await load(store, plan(feeds_=["https://a.example/feed", "https://b.example/feed"]))
    first, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    await poll(store, [seen("1")], feed=first)
    await poll(store, [], feed=second)
    await make_due(store, t.feeds)
    _, second = sorted(await claim_feeds(store), key=lambda feed: feed.id)
    report = await poll(store, [seen("x", url="https://a.example/1")], feed=second)
    assert (report.new, report.work) == (1, True)
    (article,) = await claim_articles(store)
    assert (article.news, article.text_state) == (1, "waiting")


async def test_an_archive_that_moved_is_backlog_and_a_single_late_entry_is_news(store: Store, ticks: Ticks) -> None:
    await load(store)
    await poll(store, [seen("known")])
    await make_due(store, t.feeds)
    old = ticks.now - 30 * DAY
    late = await poll(store, [seen("known"), seen("late", published=old)])
    assert late.new == 1
    await make_due(store, t.feeds)
    report = await poll(store, [seen("known"), *(seen(f"old{n}", published=old) for n in range(11)), seen("today", published=ticks.now)])
    assert (report.new, report.backlog) == (1, 11)
    (notice,) = await rows(store, t.notices)
    assert (notice.state, notice.subject.split()[0], notice.cause[:10]) == ("archive", "feed", "11 entries")
    assert notice.ended_at is not None


async def test_max_age_makes_what_the_feed_dates_older_backlog(store: Store, ticks: Ticks) -> None:
    await load(store)
    await poll(store, [])
    await make_due(store, t.feeds)
    dated = [seen("old", published=ticks.now - 3 * DAY), seen("new", published=ticks.now - DAY), seen("undated")]
    report = await poll(store, dated, max_age=2 * DAY)
    assert (report.new, report.backlog) == (2, 1)


async def test_a_changed_feed_without_a_known_entry_rolled_over_and_is_told(store: Store) -> None:
    await load(store, plan(operations=["desk"]))
    await poll(store, [seen("1")])
    await make_due(store, t.feeds)
    report = await poll(store, [seen("2"), seen("3")])
    assert (report.rolled_over, report.told) == (True, True)
    (notice,) = await rows(store, t.notices)
    assert (notice.state, notice.ended_at is not None) == ("rolled-over", True)


async def test_news_in_a_feed_that_was_empty_is_no_roll_over(store: Store) -> None:
    await load(store)
    await poll(store, [])
    await make_due(store, t.feeds)
    assert not (await poll(store, [seen("1")])).rolled_over


async def test_guids_that_change_with_each_poll_are_no_roll_over(store: Store) -> None:
    await load(store)
    await poll(store, [seen("1"), seen("2")])
    await make_due(store, t.feeds)
    report = await poll(store, [seen("x", url="https://a.example/1"), seen("y", url="https://a.example/2")])
    assert (report.rolled_over, report.new, report.known) == (False, 0, 2)


async def test_hostile_characters_keep_their_length(store: Store) -> None:
    await load(store)
    await poll(store, [seen("1", title="a\x00b\ud800c", text="x\x00")])
    (article,) = await rows(store, t.articles)
    assert (article.title, article.body) == ("a\ufffdb\ufffdc", "x\ufffd")


async def test_a_feed_that_was_taken_out_and_comes_back_is_not_new(store: Store) -> None:
    await load(store)
    await poll(store, [seen("1")])
    loaded = await load(store, plan(feeds_=[], fingerprint="two"))
    assert loaded.feeds_removed == 1
    assert await claim_feeds(store) == []
    await load(store)
    await make_due(store, t.feeds)
    assert (await poll(store, [seen("1"), seen("2")])).new == 1


async def test_what_waits_for_a_feed_that_was_taken_out_is_still_read(store: Store) -> None:
    await load(store)
    await poll(store, [])
    await make_due(store, t.feeds)
    await poll(store, [seen("1")])
    await load(store, plan(feeds_=[]))
    assert len(await claim_articles(store)) == 1
    assert isinstance(await store.read(audit.audit), audit.Sums)
    assert (await store.read(loading.orphans, ["desk"])) == {}
