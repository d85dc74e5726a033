"""Which story an article belongs to, looked up before the commit that decides it: sketches and comparisons stay out of the transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from monitor.articles import kinship
from monitor.model import Article
from monitor.store import articles, sql, stories
from monitor.store.database import Store
from monitor.store.views import moment

JUDGE = kinship.Judge()


async def placed(store: Store, done: Sequence[articles.ReadDone]) -> list[articles.ReadDone]:
    """What was read, with the rows of its sketch and the verdicts on stories that are there already."""
    new = {read.article.id: read for read in done if _wants_story(read)}
    if not new:
        return list(done)
    texts = {id_: text_of(read) for id_, read in new.items()}
    rows = await asyncio.to_thread(lambda: {id_: kinship.rows(text.body) for id_, text in texts.items()})
    found = await store.read(stories.unjudged, rows)
    verdicts = await asyncio.to_thread(_judge, texts, found)
    return [
        replace(read, rows=rows[read.article.id], verdicts=verdicts[read.article.id], as_matched=as_stored(read) if read.matches else None)
        if read.article.id in new
        else replace(read, as_matched=as_stored(read) if read.matches else None)
        for read in done
    ]


def _wants_story(read: articles.ReadDone) -> bool:
    article = read.article
    return read.settled and bool(article.news) and article.story_id is None and article.duplicate_of is None


def text_of(read: articles.ReadDone) -> stories.Text:
    article, facts = read.article, read.facts
    return stories.Text(facts.get("title", article.title), facts.get("body", article.body), article.host)


def as_stored(read: articles.ReadDone) -> Article:
    """The article as it will stand in the store."""
    article, facts = read.article, read.facts
    return Article(
        title=sql.clean(facts.get("title", article.title)) or "",
        body=sql.clean(facts.get("body", article.body)) or "",
        author=facts.get("author", article.author),
        site=facts.get("site", article.site),
        url=article.url,
        language=facts.get("language", article.language),
        published_at=moment(facts.get("published_at", article.published_at)),
        feeds=article.feeds,
        tags=article.tags,
    )


def _judge(
    texts: dict[int, stories.Text], found: dict[int, list[tuple[stories.Candidate, stories.Text, stories.Text]]]
) -> dict[int, stories.Verdicts]:
    answer: dict[int, stories.Verdicts] = {}
    for id_, listed in found.items():
        answer[id_] = verdicts = {}
        for candidate, member, first in listed:
            verdicts[candidate.article_id] = stories.decide(JUDGE, texts[id_], member, first)
            if verdicts[candidate.article_id]:
                break  # the commit asks in the same order and stops there, too
    return answer
