"""Stories in the store: found whoever reads, decided once, grown but never merged."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.model import Article
from monitor.pipeline.placing import JUDGE, placed
from monitor.store import articles, audit, stories
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import matched, news, plan, rows

_CHANCE = random.Random(5)
_WORDS = ["".join(_CHANCE.choices("abcdefghijklmnoprstuvw", k=_CHANCE.randint(3, 9))) for _ in range(4000)]


def text(seed: int, count: int = 300) -> str:
    source = random.Random(seed)
    return " ".join(source.choices(_WORDS, k=count))


def edited(body: str, share: float, seed: int = 1) -> str:
    source = random.Random(seed)
    return " ".join(source.choice(_WORDS) if source.random() < share else word for word in body.split())


def done(article: articles.DueArticle, body: str, *matches: articles.Matched, host: str | None = None) -> articles.ReadDone:
    article = article if host is None else replace(article, host=host)
    seen = Article(title=article.title, body=body)
    facts = {"body": body, "text_state": "page", "fetched_at": 1.0, "tries": 1}
    return articles.ReadDone(article, facts, matches=matches, as_matched=seen)


async def commit(store: Store, read: Sequence[articles.ReadDone]) -> list[articles.ReadReport]:
    return await store.write(articles.commit_reads, await placed(store, read), JUDGE, None)


async def told(store: Store) -> list[Any]:
    return await rows(store, t.stories)


async def test_a_wire_text_in_many_papers_is_one_story_with_one_alert_for_a_rule(store: Store) -> None:
    due = await news(store, *map(str, range(5)))
    body = text(1)
    variants = [body, "By A. Smith " + body, " ".join(body.split()[:180]), edited(body, 0.05), text(9, 40) + " " + body]
    for article, variant in zip(due, variants, strict=True):
        await commit(store, [done(article, variant, matched())])
    assert [story.articles for story in await told(store)] == [5]
    assert len(await rows(store, t.alerts)) == 1
    assert [row.reason for row in await rows(store, t.matches)] == [None, *["story-told"] * 4]
    assert (await store.read(audit.audit)).leaks == []


async def test_members_in_one_commit_and_in_two_at_once_are_still_one_story(store: Store) -> None:
    due = await news(store, *map(str, range(6)))
    reads = [done(article, "Of the agency " * (n % 3) + text(2), matched()) for n, article in enumerate(due)]
    looked_up = [await placed(store, some) for some in (reads[:2], reads[2:4], reads[4:])]  # before any of them is committed
    await asyncio.gather(*(store.write(articles.commit_reads, some, JUDGE, None) for some in looked_up))
    assert [story.articles for story in await told(store)] == [6]
    assert len(await rows(store, t.alerts)) == 1


async def test_a_member_that_brings_a_match_of_another_rule_alerts_for_that_rule(store: Store) -> None:
    due = await news(store, "1", "2")
    await commit(store, [done(due[0], text(3), matched())])
    (report,) = await commit(store, [done(due[1], text(3) + " sanctions", matched(), matched("other"))])
    assert [rule for _, rule in report.alerts] == ["other"]
    assert [(row.rule, row.story_id) for row in await rows(store, t.alerts)] == [("ffvd", 1), ("other", 1)]


async def test_on_change_alerts_once_more_when_the_story_has_grown_by_a_third(store: Store) -> None:
    due = await news(store, *map(str, range(9)))
    alerted = []
    for article in due:
        (report,) = await commit(store, [done(article, text(4), replace(matched(), again="on_change"))])
        alerted.append(len(report.alerts))
    # 1, then at 2 (more than a third), 3, 4, 6 and 8 articles.
    assert alerted == [1, 1, 1, 1, 0, 1, 0, 1, 0]
    assert [row.round for row in await rows(store, t.alerts)] == [0, 1, 2, 3, 4, 5]
    assert (await store.read(audit.audit)).leaks == []


async def test_distinct_texts_and_a_common_background_are_stories_of_their_own(store: Store) -> None:
    background = text(7, 110)
    due = await news(store, *map(str, range(6)))
    await commit(store, [done(article, f"{text(100 + n, 190)} {background}", matched()) for n, article in enumerate(due)])
    assert [story.articles for story in await told(store)] == [1] * 6
    assert len(await rows(store, t.alerts)) == 6


async def test_a_story_does_not_drift_from_member_to_member(store: Store) -> None:
    one, two = text(11), text(12)
    due = await news(store, "1", "2", "3")
    await commit(store, [done(due[0], one, matched())])
    await commit(store, [done(due[1], f"{one} {two}", matched())])  # a round-up that holds both
    await commit(store, [done(due[2], two, matched())])
    assert [story.articles for story in await told(store)] == [2, 1]
    assert len(await rows(store, t.alerts)) == 2


QUAKE = (
    "A quake of magnitude {0}.{0} struck {1} km north of Town{0} on day {0} at {0}:3{0}, the survey said. "
    "It was {0}{0} km deep and no damage was reported at first."
)
MARKET = "Markets closed higher on Monday and the index of shares rose by nine points to end the day at a record high, brokers said."


@pytest.mark.parametrize(
    ("bodies", "count"),
    [
        (["", ""], 2),
        (["A title is all.", "A title is all."], 2),
        ([QUAKE.format(4, 44), QUAKE.format(5, 55)], 2),
        ([MARKET, MARKET], 1),
    ],
)
async def test_short_texts_are_one_story_only_where_they_say_the_same(store: Store, bodies: list[str], count: int) -> None:
    due = await news(store, *map(str, range(len(bodies))))
    for number, (article, body) in enumerate(zip(due, bodies, strict=True)):
        await commit(store, [done(article, body, matched(), host=f"{number}.example")])
    assert len(await told(store)) == count


async def test_what_a_site_says_on_every_page_is_no_story(store: Store) -> None:
    due = await news(store, "1", "2")
    body = "Please switch on the scripts of your browser to go on reading this article, or take out a subscription to our paper today."
    titled = [replace(article, title=title) for article, title in zip(due, ("Envoy urges talks", "Rain in the north"), strict=True)]
    for article in titled:
        await commit(store, [done(article, body, matched())])
    assert len(await told(store)) == 2


async def test_a_phrase_of_every_page_does_not_make_all_of_them_candidates(store: Store) -> None:
    due = await news(store, *map(str, range(30)))
    await commit(store, [done(article, f"{text(200 + n, 30)} {text(8, 20)}", matched()) for n, article in enumerate(due)])
    rows_ = [row.shingle for row in await rows(store, t.sketches) if row.article_id == due[0].id]
    assert len(await store.read(stories.candidates, rows_, due[0].id)) <= 8


async def test_an_article_matched_again_stays_in_its_story(store: Store) -> None:
    due = await news(store, "1", wanted=plan())
    await commit(store, [done(due[0], text(5), matched())])
    (row,) = await rows(store, t.articles)
    again = replace(due[0], story_id=row.story_id, owner=due[0].owner)

    def hold(conn: Any, now: float) -> None:
        conn.execute(t.articles.update().values(owner=due[0].owner, due_at=now + 60))

    await store.write(hold)
    await commit(store, [done(again, text(5), matched("other"))])
    assert [story.articles for story in await told(store)] == [1]
