"""webhook: the design's body, the signature of Standard Webhooks, and the judgement of answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.alerts import payload
from monitor.alerts.channels import Channel
from monitor.alerts.channels.webhook import key_of, sign
from monitor.alerts.http import to_json
from monitor.model import Notice, Span
from tests.support.sinks import WebhookSink, verify_signature
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BODY, SEOUL, TITLE, URL, alert, ffvd, spans

SECRETS = ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "a plain old secret"]


async def deliver(channel: Channel, **changes: Any) -> Any:
    return await channel.send(channel.compose([alert(**changes)], now=NOW, zone=SEOUL, base_url=None))


async def test_the_body_is_the_designs(make: Make, webhook_sink: WebhookSink) -> None:
    channel = make("webhook", url=webhook_sink.url, secret=SECRETS)
    one = ffvd(found=spans(TITLE, "title", ["FFVD"], entity="FFVD"), summary="A summary.")
    outcome = await channel.send(channel.compose([one], now=NOW, zone=SEOUL, base_url=None))
    assert (outcome.delivered, outcome.status, outcome.text) == (True, 200, "200 OK")
    (received,) = webhook_sink.received
    assert received.json == {
        "type": "alert.created",
        "timestamp": "2018-10-29T06:41:07Z",
        "data": {
            "id": "A2",
            "severity": "normal",
            "rule": {"name": "ffvd", "query": "entity:FFVD"},
            "article": {
                "url": URL,
                "title": TITLE,
                "site": "The Korea Herald",
                "author": "Ock Hyun-ju",
                "language": "en",
                "published_at": "2018-10-29T06:41:00Z",
                "fetched_at": "2018-10-29T06:41:00Z",
                "summary": "A summary.",
            },
            "matches": [{"field": "title", "start": 24, "end": 28, "text": "FFVD", "term": "FFVD", "entity": "FFVD", "snippet": TITLE}],
            "feeds": [
                {"name": "The Korea Herald, all news", "url": "https://www.koreaherald.com/rss/newsAll"},
                {"name": "Yonhap", "url": "https://en.yna.co.kr/rss"},
            ],
            "story": {"id": "S1", "articles": 3},
        },
    }


async def test_every_secret_signs_and_the_id_is_the_deliverys(make: Make, webhook_sink: WebhookSink) -> None:
    channel = make("webhook", url=webhook_sink.url, secret=SECRETS, headers={"Authorization": "Bearer t0ken"})
    await deliver(channel)
    await deliver(channel)
    first, second = webhook_sink.received
    assert first.id == second.id == "D1"
    assert first.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["Authorization"] == "Bearer t0ken"
    assert all(verify_signature(first, secret) for secret in SECRETS)
    assert not verify_signature(first, "another secret")
    assert len(first.headers["webhook-signature"].split(" ")) == 2


async def test_without_a_secret_nothing_is_signed(make: Make, webhook_sink: WebhookSink) -> None:
    await deliver(make("webhook", url=webhook_sink.url))
    assert "webhook-signature" not in webhook_sink.received[0].headers


def test_the_specifications_own_signature() -> None:
    # The example of the Standard Webhooks specification and its libraries' tests.
    signature = sign(
        [key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("status", "delivered", "final", "off"),
    [(200, True, False, False), (204, True, False, False), (410, False, True, True)]
    + [(status, False, False, False) for status in (302, 400, 401, 404, 413, 422, 429, 500, 503)],
)
async def test_answers_are_judged(make: Make, webhook_sink: WebhookSink, status: int, delivered: bool, final: bool, off: bool) -> None:
    webhook_sink.answer(status)
    outcome = await deliver(make("webhook", url=webhook_sink.url))
    assert (outcome.delivered, outcome.final, outcome.off) == (delivered, final, off)
    assert str(status) in outcome.text or status == 302


@pytest.mark.parametrize(("header", "seconds"), [("120", 120.0), ("Mon, 29 Oct 2018 06:43:08 GMT", 120.0), ("soon", None)])
async def test_retry_after_is_kept(make: Make, webhook_sink: WebhookSink, header: str, seconds: float | None) -> None:
    webhook_sink.answer(503, "busy", retry_after=header)
    outcome = await deliver(make("webhook", url=webhook_sink.url))
    assert (outcome.text, outcome.retry_after) == ("503 Service Unavailable: busy", seconds)


async def test_no_answer_is_told_without_the_url(make: Make) -> None:
    outcome = await deliver(make("webhook", url="http://127.0.0.1:9/hooks/5ecret-t0ken-in-the-path?key=5ecret"))
    assert not outcome.delivered
    assert not outcome.final
    assert "5ecret" not in outcome.text
    assert outcome.text


async def test_a_private_address_is_refused_unless_allowed(make: Make, webhook_sink: WebhookSink) -> None:
    outcome = await deliver(make("webhook", url=webhook_sink.url, allow_private=False))
    assert not outcome.delivered
    assert webhook_sink.received == []


async def test_an_answer_that_shows_a_secret_is_hidden(make: Make, webhook_sink: WebhookSink) -> None:
    webhook_sink.answer(500, f"bad key {SECRETS[1]} \x1b[31m and Bearer t0ken-of-mine")
    outcome = await deliver(make("webhook", url=webhook_sink.url, secret=SECRETS, headers={"Authorization": "Bearer t0ken-of-mine"}))
    assert "plain old" not in outcome.text
    assert "t0ken" not in outcome.text
    assert "\x1b" not in outcome.text


def test_the_target_is_stable_and_shows_no_secret(make: Make) -> None:
    one = make("webhook", url="https://user:pw@example.org/hooks/abc?token=def", secret="s3cret")
    same = make("webhook", url="https://user:pw@example.org/hooks/abc?token=def")
    other = make("webhook", url="https://user:pw@example.org/hooks/xyz?token=def")
    assert one.target == same.target != other.target
    assert one.target.startswith("https://example.org/***")
    assert not any(secret in one.target for secret in ("user", "pw", "abc", "def", "s3cret"))


@pytest.mark.parametrize(
    "keys",
    [
        {"url": "ftp://example.org/x"},
        {"url": "not a url"},
        {"url": "https://example.org", "secret": "whsec_%%%"},
        {"url": "https://example.org", "secret": ""},
        {"url": "https://example.org", "headers": {"webhook-id": "1"}},
        {"url": "https://example.org", "headers": {"X-A": "a\r\nX-Evil: 1"}},
        {"url": "https://example.org", "headers": {"X A": "a"}},
        {"url": "https://example.org", "colour": "red"},
        {},
    ],
)
def test_wrong_keys_are_refused_and_never_repeated(make: Make, keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        make("webhook", **keys)
    assert "whsec_%%%" not in str(refused.value)


def test_matches_are_cut_to_twenty_and_the_number_said() -> None:
    body = "sanctions exemptions. " * 300
    event = payload.alert_event(alert(body=body))
    assert len(event["data"]["matches"]) == 20
    assert event["data"]["matches_total"] == 300
    assert "matches_total" not in payload.alert_event(alert())["data"]


def test_matches_are_stored_text_and_their_offsets_hold() -> None:
    body = "Ein \u202everdrehter\x07 Satz über\u00a0sanctions exemptions\u2028ohne Ende"
    match = payload.alert_event(alert(body=body))["data"]["matches"][0]
    assert body[match["start"] : match["end"]] == match["text"] == "sanctions exemptions"
    assert match["snippet"] in body
    assert match["text"] in match["snippet"]


LONG = st.text(st.characters(codec="utf-8"), min_size=0, max_size=60).map(lambda text: text * 400)


@settings(max_examples=40, deadline=None)
@given(title=LONG, summary=LONG, rule=LONG, query=LONG, author=LONG, name=LONG, url=LONG, term=LONG, feeds=st.integers(0, 300))
def test_a_body_is_never_over_twenty_thousand_bytes(
    title: str, summary: str, rule: str, query: str, author: str, name: str, url: str, term: str, feeds: int
) -> None:
    body = BODY + (term or "x") * 3
    found = tuple(Span("body", len(BODY), len(body), body[len(BODY) :], term, name) for _ in range(40))
    one = alert(
        title=title,
        summary=summary,
        rule=rule,
        query=query,
        author=author,
        url=url,
        site=name,
        body=body,
        found=found,
        feeds=((name, url),) * feeds,
    )
    data = payload.alert_event(one)
    assert len(to_json(data)) <= payload.BODY_LIMIT
    assert data["data"]["matches_total"] == 40
    assert data["data"]["article"]["url"] in (url, None)
    assert title.startswith(data["data"]["article"]["title"])


def test_a_lone_surrogate_is_sent_as_one_character() -> None:
    assert json.loads(to_json({"a": "x\ud800y"})) == {"a": "x?y"}


async def test_a_digest_is_a_list_within_the_limit(make: Make, webhook_sink: WebhookSink) -> None:
    channel = make("webhook", url=webhook_sink.url)
    few = channel.compose_digest([ffvd(), alert()], now=NOW, zone=SEOUL, base_url=None, delivery_id="D9")
    assert (await channel.send(few)).delivered
    assert webhook_sink.received[0].id == "D9"
    body = webhook_sink.received[0].json
    assert body["type"] == "digest.created"
    assert [item["severity"] for item in body["data"]] == ["high", "normal"]
    assert "total" not in body
    many = channel.compose_digest([alert(body=BODY * 20)] * 1000, now=NOW, zone=SEOUL, base_url=None)
    assert len(to_json(many.payload)) <= payload.BODY_LIMIT
    assert many.payload["total"] == 1000
    assert many.warnings == (f"{1000 - len(many.payload['data']):,} of 1,000 alerts did not fit into the digest",)
    assert len(many.payload["data"]) > 10


async def test_a_notice_is_the_designs(make: Make, webhook_sink: WebhookSink) -> None:
    channel = make("webhook", url=webhook_sink.url)
    notice = Notice("N1", "feed The Korea Herald", "failing", NOW, "503", "wait", "https://watch.example.org/feeds/1")
    assert (await channel.send(channel.compose_notice(notice, now=NOW, zone=SEOUL, base_url=None))).delivered
    assert webhook_sink.received[0].json == {
        "type": "notice.created",
        "timestamp": "2018-10-29T06:41:08Z",
        "data": {
            "id": "N1",
            "subject": "feed The Korea Herald",
            "state": "failing",
            "since": "2018-10-29T06:41:08Z",
            "cause": "503",
            "remedy": "wait",
            "url": "https://watch.example.org/feeds/1",
        },
    }
    with pytest.raises(ValueError, match="too many values"):
        channel.compose_notice([notice, notice], now=NOW, zone=SEOUL, base_url=None)


def test_a_test_alert_says_so() -> None:
    assert payload.alert_event(alert(test=True))["data"]["test"] is True
