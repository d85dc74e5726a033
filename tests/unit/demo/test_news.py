from __future__ import annotations

import io
import itertools
import json
from datetime import UTC, datetime

import feedparser
import pytest

from monitor.demo import news as printed
from monitor.demo.news import News
from monitor.demo.paper import Paper

NOW = datetime(2018, 10, 29, 6, 41, tzinfo=UTC)
WATCHED = (
    "sanctions exemption",
    "sanctions waiver",
    "제재 면제",
    "الإعفاء من العقوبات",
    "ffvd",
    "denuclearization",
    "비핵화",
    "للسلاح النووي",
)


@pytest.fixture(scope="module")
def news() -> News:
    return printed.load()


def test_there_are_six_papers_in_three_languages_and_three_formats(news: News) -> None:
    assert len(news.papers) == 6
    assert {paper.language for paper in news.papers} == {"en", "ko", "ar"}
    assert {paper.format for paper in news.papers} == {"rss", "atom", "json"}


def test_the_first_alert_holds_what_both_rules_watch_for(news: News) -> None:
    _, first = news.alerts[0]
    body = " ".join(first.paragraphs)
    assert "‘FFVD,’" in first.title
    assert body.count("sanctions exemptions") == 5
    assert "final, fully verified denuclearization" in body
    assert "final, fully, verified denuclearization" in body


def test_the_second_alert_is_the_first_with_its_tail_cut(news: News) -> None:
    first, second = news.alerts[0][1], news.alerts[1][1]
    assert second.paragraphs == first.paragraphs[:-2]
    assert second.title != first.title


def test_ordinary_articles_never_end_and_hold_nothing_that_is_watched(news: News) -> None:
    for language in news.ordinary:
        texts = list(itertools.islice(news.supply(language), 60))
        assert len({text.title for text in texts}) == 60
        for text in texts:
            whole = " ".join([text.title, *text.paragraphs]).lower()
            assert not [word for word in WATCHED if word in whole]
            assert len(whole) > 150


def test_each_feed_is_read_by_feedparser_or_as_json(news: News) -> None:
    for plan in news.papers:
        paper = Paper(plan, f"http://127.0.0.1:1/{plan.key}", news.supply(plan.language))
        for _ in range(plan.shows + 3):
            newest = paper.publish(NOW)
        if plan.format == "json":
            links = [item["url"] for item in json.loads(paper.feed())["items"]]
        else:
            parsed = feedparser.parse(io.BytesIO(paper.feed()))
            assert not parsed.bozo
            assert parsed.feed.title == plan.name
            links = [entry.link for entry in parsed.entries]
        assert links[0] == newest.url
        assert len(links) == plan.shows
