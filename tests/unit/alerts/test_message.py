"""The wording that all channels share."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.message import alert_links, by_story, first_id, foreign_host, link_target, plural, since, summary_of_rules, tell
from monitor.alerts.plain import digest_line, notice_lines, notice_url, story_lines
from monitor.alerts.times import day_time, language_name, long_time, short_time, stamp
from monitor.model import Notice, Severity
from tests.unit.alerts.example import ALERTED, BASE, PUBLISHED, SEOUL, TITLE, URL, alert, ffvd, pair


def test_the_severest_alert_gives_title_and_place() -> None:
    told = tell([ffvd(title="other"), alert()], SEOUL, BASE)
    assert (told.title, told.severity, told.rule_names) == (TITLE, Severity.HIGH, "sanctions-exemptions, ffvd")
    assert [(rule.matches, rule.more) for rule in told.rules] == [(3, 1), (2, 0)]


def test_alerts_on_another_article_of_the_story_keep_their_own_snippets() -> None:
    told = tell([alert(), ffvd(body="Elsewhere it said FFVD.")], SEOUL, None)
    assert [snippet.text() for snippet in told.rules[1].snippets] == ["Elsewhere it said FFVD."]
    assert all("Elsewhere" not in snippet.text() for snippet in told.snippets)


def test_three_rules_have_three_snippets() -> None:
    body = "Of apples.\nOf pears.\nOf plums.\nOf figs."
    alerts = [alert(rule=fruit, terms=(fruit,), body=body) for fruit in ("apples", "pears", "plums", "figs")]
    assert len(tell(alerts, SEOUL, None).snippets) == 3
    assert tell(alerts, SEOUL, None).counts[0] == "+1 more match"


def test_what_is_not_known_is_left_out() -> None:
    told = tell([alert(site=None, author=" \x00", published=None, language=None)], SEOUL, None)
    assert told.where == "www.koreaherald.com · seen 29 Oct 2018 15:41 KST"
    assert told.links == ()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("//example.org/x", False),
        ("https://user@example.org/", False),
        ("https://example.org/a\u202eb", False),
        ("https://example.org/\n", False),
        ("https:///x", False),
        ("https://example.org:99999/", False),
        ("https://example.org/" + "x" * 3000, False),
        ("", False),
        (None, False),
    ],
)
def test_links_are_shown_for_http_alone(url: str | None, shown: bool) -> None:
    assert link_target(url) == (url if shown else None)


@pytest.mark.parametrize(
    ("title", "host"),
    [
        ("News of the day", ""),
        ("reuters.com says no", "koreaherald.com"),
        ("On www.koreaherald.com today", ""),
        ("REUTERS.COM: exclusive", "koreaherald.com"),
        ("See herald@koreaherald.com", ""),
        ("Version 2.0 is out", ""),
        ("Node.js and U.S. rates", "koreaherald.com"),
    ],
)
def test_a_title_that_names_another_host_has_the_real_one_beside_it(title: str, host: str) -> None:
    assert foreign_host(title, URL) == host
    lines = story_lines(tell([alert(title=title)], SEOUL, None))
    assert lines[1] == (f"{title} ({host})" if host else title)


def test_links_of_the_dashboard_are_encoded() -> None:
    assert alert_links("a/b c", BASE + "/")[0].url == f"{BASE}/alerts/a%2Fb%20c"


def test_numbers_and_nouns() -> None:
    assert [plural(n, noun) for n, noun in ((1, "story"), (2, "story"), (0, "alert"), (1234, "feed"))] == [
        "1 story",
        "2 stories",
        "0 alerts",
        "1,234 feeds",
    ]


def test_stories_go_by_severity_and_then_as_they_come() -> None:
    alerts = [ffvd(story_id="b"), ffvd(story_id="a"), alert(story_id="c"), alert(story_id="a")]
    assert [[one.story_id for one in story] for story in by_story(alerts)] == [["a", "a"], ["c"], ["b"]]


def test_a_summary_names_five_rules_and_counts_the_rest() -> None:
    alerts = [alert(rule=f"r{n}", story_id=f"S{n}") for n in range(8)] + pair()
    assert summary_of_rules(alerts) == "10 alerts in 8 stories: ffvd 1, r0 1, r1 1, r2 1, r3 1, 5 more"
    assert summary_of_rules([]) == "0 alerts in 0 stories"


def test_a_message_of_nothing_needs_an_id() -> None:
    assert first_id([alert()], None) == "D1"
    assert first_id([], "D9") == "D9"
    with pytest.raises(ValueError, match="delivery's id"):
        first_id([], None)


def test_times_name_their_zone() -> None:
    assert short_time(PUBLISHED, SEOUL) == "29 Oct 2018 15:41 KST"
    assert long_time(PUBLISHED, ZoneInfo("Europe/Berlin")) == "29 October 2018, 07:41 CET"
    assert day_time(PUBLISHED, ZoneInfo("America/Sao_Paulo")) == "29 Oct, 03:41 UTC-3"
    assert day_time(PUBLISHED, ZoneInfo("Asia/Kathmandu")) == "29 Oct, 12:26 UTC+5:45"
    assert day_time(PUBLISHED, ZoneInfo("UTC")) == "29 Oct, 06:41 UTC"
    assert stamp(ALERTED.replace(microsecond=999_999)) == "2018-10-29T06:41:07Z"
    assert stamp(datetime(99, 1, 1, tzinfo=UTC)) == "0099-01-01T00:00:00Z"
    assert stamp(None) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s ago"), (59, "59 s ago"), (120, "2 min ago"), (7200, "2 h ago"), (86_400, "24 h ago"), (172_800, "2 d ago"), (-5, "0 s ago")],
)
def test_how_long_ago(seconds: float, text: str) -> None:
    moment = datetime.fromtimestamp(PUBLISHED.timestamp() - seconds, UTC)
    assert since(moment, PUBLISHED, SEOUL).endswith(", " + text)


def test_languages_have_names() -> None:
    assert [language_name(code) for code in ("ko", "EN", "xx", None)] == ["Korean", "English", "xx", ""]


def test_a_line_of_a_digest() -> None:
    assert digest_line(tell(pair(), SEOUL, None)) == (
        f"◆ high · {TITLE} · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · sanctions-exemptions, ffvd"
    )


def test_a_notice_may_have_a_path_an_address_or_nothing() -> None:
    def notice(url: str | None, cause: str = "") -> Notice:
        return Notice("N", "storage", "full", PUBLISHED, cause, "", url)

    assert notice_url(notice("/status"), BASE) == f"{BASE}/status"
    assert notice_url(notice("/status"), None) is None
    assert notice_url(notice("//evil.example"), BASE) is None
    assert notice_url(notice("https://example.org/"), None) == "https://example.org/"
    assert notice_url(notice("javascript:x"), BASE) is None
    assert notice_lines(notice(None), PUBLISHED, SEOUL) == ["since 29 Oct 2018 15:41 KST, 0 s ago"]
