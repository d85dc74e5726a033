"""email against a real SMTP server: TLS, sign-in, a state for each recipient, and headers in which titles can do nothing."""

from __future__ import annotations

import email.policy
from dataclasses import replace
from email import message_from_bytes
from html.parser import HTMLParser
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.alerts.channels import Channel
from monitor.model import Notice, Outcome, Severity
from tests.support.mail import MailSink
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, SEOUL, TITLE, alert, ffvd, pair

ADDRESSES = {"from": "Monitor <monitor@example.org>", "to": ["a@example.org", "b@example.org", "c@example.org"]}


def channel_for(make: Make, sink: MailSink, **keys: Any) -> Channel:
    return make("email", "analysts", **{"smtp": sink.url, **ADDRESSES, **keys})


async def deliver(channel: Channel, previous: dict[str, str] | None = None, **changes: Any) -> Outcome:
    return await channel.send(channel.compose([alert(**changes)], now=NOW, zone=SEOUL, base_url=BASE), previous)


async def test_a_mail_arrives_with_the_headers_that_list_mail_has(make: Make, mail_sink: MailSink) -> None:
    outcome = await deliver(channel_for(make, mail_sink))
    assert outcome.delivered
    assert outcome.recipients == dict.fromkeys(ADDRESSES["to"], "delivered")
    (mail,) = mail_sink.mails
    assert mail.sender == "monitor@example.org"
    assert mail.recipients == tuple(ADDRESSES["to"])
    message = mail.message
    assert message["From"] == "Monitor <monitor@example.org>"
    assert message["To"] == "a@example.org, b@example.org, c@example.org"
    assert message["Message-ID"] == "<D1@example.org>"
    assert message["References"] == message["In-Reply-To"] == "<story.S1@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<analysts.news-monitor.example.org>"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


async def test_alerts_of_one_story_are_one_mail_and_one_thread(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    await channel.send(channel.compose(pair(), now=NOW, zone=SEOUL, base_url=BASE))
    await channel.send(channel.compose([ffvd(delivery_id="D3")], now=NOW, zone=SEOUL, base_url=BASE))
    first, second = (mail.message for mail in mail_sink.mails)
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    text = mail_sink.mails[0].part()
    assert "Why: sanctions-exemptions (high), 3 matches" in text
    assert "Why: ffvd (normal), 3 matches" in text
    assert "of rules 'sanctions-exemptions', 'ffvd'." in text
    assert first["Subject"] == f"[high] {TITLE}"


async def test_later_mails_of_a_story_answer_its_first(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    first = await channel.send(channel.compose(pair(), now=NOW, zone=SEOUL, base_url=BASE))
    assert first.anchor == "<D1@example.org>"
    later = await channel.send(channel.compose([replace(ffvd(delivery_id="D3"), thread=first.anchor)], now=NOW, zone=SEOUL, base_url=BASE))
    assert (later.delivered, later.anchor) == (True, None)
    digest = await channel.send(channel.compose_digest(pair(), now=NOW, zone=SEOUL, base_url=BASE, delivery_id="D4"))
    assert (digest.delivered, digest.anchor) == (True, None)
    second = mail_sink.mails[1].message
    assert second["In-Reply-To"] == "<D1@example.org>"
    assert second["References"] == "<story.S1@example.org> <D1@example.org>"


async def test_only_those_refused_for_now_are_sent_again(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    mail_sink.refuse = {"b@example.org": "450 4.2.1 try later", "c@example.org": "550 5.1.1 no such user"}
    first = await deliver(channel)
    assert not first.delivered
    assert not first.final
    assert first.recipients == {
        "a@example.org": "delivered",
        "b@example.org": "retry: 450 4.2.1 try later",
        "c@example.org": "refused: 550 5.1.1 no such user",
    }
    mail_sink.refuse = {}
    second = await deliver(channel, first.recipients)
    assert second.delivered
    assert "c@example.org refused: 550" in second.text
    assert [mail.recipients for mail in mail_sink.mails] == [("a@example.org",), ("b@example.org",)]
    assert len({mail.message["Message-ID"] for mail in mail_sink.mails}) == 1
    third = await deliver(channel, second.recipients)
    assert third.delivered
    assert len(mail_sink.mails) == 2


async def test_all_refused_for_good_is_final(make: Make, mail_sink: MailSink) -> None:
    mail_sink.refuse = dict.fromkeys(ADDRESSES["to"], "550 no such user")
    outcome = await deliver(channel_for(make, mail_sink))
    assert (outcome.delivered, outcome.final, outcome.off, outcome.status) == (False, True, False, 550)


async def test_all_refused_for_now_is_tried_again(make: Make, mail_sink: MailSink) -> None:
    mail_sink.refuse = dict.fromkeys(ADDRESSES["to"], "451 greylisted")
    outcome = await deliver(channel_for(make, mail_sink))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert all(state.startswith("retry: 451") for state in outcome.recipients.values())


@pytest.mark.parametrize(("answer", "final"), [("554 5.7.1 looks like spam", True), ("452 4.3.1 out of space", False)])
async def test_a_refused_message(make: Make, mail_sink: MailSink, answer: str, final: bool) -> None:
    mail_sink.answers = [answer]
    outcome = await deliver(channel_for(make, mail_sink))
    assert (outcome.delivered, outcome.final) == (False, final)
    assert answer[4:] in outcome.text


async def test_a_server_that_drops_after_data_is_tried_again_with_the_same_id(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    mail_sink.drop_after_data = True
    outcome = await deliver(channel)
    assert (outcome.delivered, outcome.final) == (False, False)
    mail_sink.drop_after_data = False
    assert (await deliver(channel, outcome.recipients)).delivered
    assert {mail.message["Message-ID"] for mail in mail_sink.mails} == {"<D1@example.org>"}


@pytest.mark.parametrize("where", ["connect", "rcpt", "data"])
async def test_a_server_that_hangs_costs_the_deadline(make: Make, mail_sink: MailSink, where: str) -> None:
    channel = channel_for(make, mail_sink)
    channel.deadline = 0.3
    mail_sink.hang = where
    outcome = await deliver(channel)
    assert (outcome.delivered, outcome.final) == (False, False)
    assert "no answer in" in outcome.text


async def test_nobody_listens(make: Make, mail_sink: MailSink) -> None:
    outcome = await deliver(channel_for(make, mail_sink, smtp="smtp://user:5ecret-pw@127.0.0.1:9"))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert "5ecret" not in outcome.text
    assert set(outcome.recipients) == set(ADDRESSES["to"])


async def test_a_private_relay_needs_leave(make: Make, mail_sink: MailSink) -> None:
    outcome = await deliver(channel_for(make, mail_sink, allow_private=False))
    assert not outcome.delivered
    assert mail_sink.sessions == 0


# -- TLS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_mail_and_password_go_over_tls(make: Make, tls: str) -> None:
    async with MailSink(tls=tls, login=("user@example.org", "5ecret")) as sink:
        channel = channel_for(make, sink, smtp=sink.url.replace("user@", "user%40"))
        outcome = await deliver(channel)
        assert outcome.delivered, outcome.text
        assert (sink.mails[0].tls, sink.mails[0].user) == (True, "user@example.org")


async def test_starttls_is_used_where_it_is_offered_even_without_a_password(make: Make) -> None:
    async with MailSink(tls="starttls") as sink:
        assert (await deliver(channel_for(make, sink))).delivered
        assert sink.mails[0].tls


async def test_a_password_never_goes_in_clear(make: Make) -> None:
    async with MailSink(login=("user", "5ecret"), clear_login=True) as sink:
        outcome = await deliver(channel_for(make, sink))
        assert (outcome.delivered, outcome.final) == (False, False)
        assert outcome.text.count("never goes in clear") >= 1
        assert sink.mails == []


async def test_a_wrong_password_is_told_and_tried_again(make: Make) -> None:
    async with MailSink(tls="starttls", login=("user", "right")) as sink:
        outcome = await deliver(channel_for(make, sink, smtp=sink.url.replace("right", "wr0ng-pw")))
        assert (outcome.delivered, outcome.final, outcome.status) == (False, False, 535)
        assert "wr0ng" not in outcome.text


async def test_a_certificate_that_nobody_vouches_for_is_refused(make: Make, client: Any) -> None:
    from monitor.alerts.channels import Services, build

    async with MailSink(tls="implicit") as sink:
        channel = build("analysts", {"type": "email", "smtp": sink.url, **ADDRESSES, "allow_private": True}, Services(client=client))
        outcome = await deliver(channel)
        assert not outcome.delivered
        assert "certificate" in outcome.text.casefold()
        assert sink.mails == []


# -- what is written --------------------------------------------------------------------------------------------------


def read(payload: bytes) -> Any:
    return message_from_bytes(payload, policy=email.policy.default)


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?b?DQpYLUV2aWw6IDE=?=",
        "=?utf-8?q?=0D=0AX-Evil:_1?=",
        "a\r\nX-Evil: 1",
        "a\rX-Evil: 1",
        "a\nBcc: x@example.org\n\nbody",
        "a\u2028X-Evil: 1\x85X-Evil: 1",
        "= ?utf-8?b?DQpYLUV2aWw6IDE=?= =?utf-8?b?DQpYLUV2aWw6IDE=?=",
        "한국어 =?utf-8?b?DQpYLUV2aWw6IDE=?= " * 10,
        "x" * 5000,
        "\ud800\x00\x1b[31m",
    ],
)
def test_a_title_can_do_nothing_in_headers(make: Make, mail_sink: MailSink, title: str) -> None:
    channel = channel_for(make, mail_sink)
    hostile = alert(title=title, author=title, site=title, rule=title.replace("\n", " ")[:80], feeds=((title, "https://x.example"),))
    message = channel.compose([hostile], now=NOW, zone=SEOUL, base_url=BASE)
    mail = read(message.payload)
    assert set(mail.keys()) == set(read(channel.compose([alert()], now=NOW, zone=SEOUL, base_url=BASE).payload).keys())
    assert len(mail["Subject"]) <= 200
    assert "\n" not in mail["Subject"]
    assert b"\nX-Evil" not in message.payload
    assert b"\nBcc" not in message.payload
    head = message.payload.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))


def test_ids_of_any_form_make_good_message_ids(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    odd = [alert(delivery_id=id, story_id=id) for id in ("a b>c", "x" * 300, "ü", "0190f4c2-7b1e-7c3a-9c1d-0123456789ab")]
    ids = [read(channel.compose([one], now=NOW, zone=SEOUL, base_url=None).payload)["Message-ID"] for one in odd]
    assert ids[3] == "<0190f4c2-7b1e-7c3a-9c1d-0123456789ab@example.org>"
    assert len(set(ids)) == 4
    assert all(id.isascii() and " " not in id and len(id) < 76 for id in ids)


def test_korean_reads_whole_in_both_parts(make: Make, mail_sink: MailSink) -> None:
    body = "북한은 제재 면제를 요구했다."
    one = alert(title="북한 “제재 면제” 논의", body=body, terms=("제재 면제",), language="ko", site="연합뉴스", author=None)
    mail = read(channel_for(make, mail_sink).compose([one], now=NOW, zone=SEOUL, base_url=None).payload)
    assert mail["Subject"] == "[high] 북한 “제재 면제” 논의"
    text = mail.get_body(("plain",)).get_content()
    assert "  북한은 [제재 면제]를 요구했다." in text
    assert "연합뉴스 · 29 October 2018, 15:41 KST · Korean" in text
    html = mail.get_body(("html",)).get_content()
    assert 'dir="auto" lang="ko"' in html
    assert ">제재 면제</mark>를 요구했다." in html


def html_of(html: str) -> tuple[set[str], set[str]]:
    """The elements and the attributes of a page."""
    tags: set[str] = set()
    attributes: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            attributes.update(name for name, _ in attrs)

    Reader().feed(html)
    return tags, attributes


def test_html_escapes_all_and_loads_nothing(make: Make, mail_sink: MailSink) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=y>\"' &lt;"
    one = alert(
        title=bad, author=bad, site=bad, language='"><x', body=bad + " sanctions exemptions " + bad, feeds=((bad, "https://x.example"),)
    )
    mail = read(channel_for(make, mail_sink).compose([one], now=NOW, zone=SEOUL, base_url=BASE).payload)
    html = mail.get_body(("html",)).get_content()
    tags, attributes = html_of(html)
    assert tags <= {"html", "head", "meta", "title", "body", "h1", "p", "bdi", "b", "a", "blockquote", "mark", "span"}
    assert attributes <= {"lang", "charset", "name", "content", "style", "dir", "href", "rel"}
    assert "&lt;script&gt;" in html


def test_a_link_is_http_or_none(make: Make, mail_sink: MailSink) -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "https://user:pw@example.org/", "https://a b/", None):
        mail = read(channel_for(make, mail_sink).compose([alert(url=url)], now=NOW, zone=SEOUL, base_url=None).payload)
        assert "href=" not in mail.get_body(("html",)).get_content()
        assert (url or "javascript:") not in mail.get_body(("plain",)).get_content()


async def test_a_digest_of_a_thousand_is_one_mail(make: Make, mail_sink: MailSink) -> None:
    alerts = [
        alert(story_id=f"S{n}", title=f"News {n} " + "long " * 30, rule=f"rule-{n % 7}", severity=list(Severity)[n % 4])
        for n in range(1000)
    ]
    channel = channel_for(make, mail_sink)
    message = channel.compose_digest(alerts, now=NOW, zone=SEOUL, base_url=BASE, delivery_id="D9")
    assert (await channel.send(message)).delivered
    (mail,) = mail_sink.mails
    assert mail.message["Message-ID"] == "<D9@example.org>"
    assert mail.message["List-Unsubscribe"] == "<mailto:monitor@example.org?subject=unsubscribe>"
    assert mail.message["References"] is None
    html = mail.part("html")
    assert len(html.encode()) <= 80_000
    shown = html.count("<h3")
    assert 50 <= shown <= 100
    assert f"and {1000 - shown} more" in html
    assert f"and {1000 - shown} more: {BASE}/" in mail.part()
    assert mail.part().count("  News ") == shown
    assert len(mail.message["Subject"]) <= 200


def test_a_digest_goes_by_severity_rule_and_story(make: Make, mail_sink: MailSink) -> None:
    alerts = [*pair(story_id="S1"), ffvd(story_id="S2", title="Second"), alert(story_id="S3", title="Third", severity=Severity.CRITICAL)]
    text = (
        read(channel_for(make, mail_sink).compose_digest(alerts, now=NOW, zone=SEOUL, base_url=None).payload)
        .get_body(("plain",))
        .get_content()
        .replace("\r\n", "\n")
    )
    quote = "  …to get to the end point is to achieve [final, fully, verified denuclearization] of North Korea…"
    assert text.splitlines()[:6] == [
        "4 alerts in 3 stories: ffvd 2, sanctions-exemptions 2 (29 Oct, 15:41 KST)",
        "",
        "▲ critical · sanctions-exemptions",
        "",
        "  Third",
        "  The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST",
    ]
    assert "◆ high · sanctions-exemptions\n\n  US nuclear" in text
    assert "15:41 KST · also ffvd\n" + quote in text
    assert "● normal · ffvd\n\n  Second" in text


async def test_notices_go_by_mail(make: Make, mail_sink: MailSink) -> None:
    channel = channel_for(make, mail_sink)
    notice = Notice("N1", "channel desk\r\nX-Evil: 1", "dead", NOW, "410 Gone", "look at <it>", "/channels/desk")
    assert (await channel.send(channel.compose_notice(notice, now=NOW, zone=SEOUL, base_url=BASE))).delivered
    (mail,) = mail_sink.mails
    assert mail.message["Subject"] == "[notice] ⚠ channel desk X-Evil: 1: dead"
    assert mail.message["Message-ID"] == "<N1@example.org>"
    assert "  cause: 410 Gone\n  remedy: look at <it>\n  https://watch.example.org/news/channels/desk\n" in mail.part()
    assert "look at &lt;it&gt;" in mail.part("html")
    many = channel.compose_notice([notice] * 12, now=NOW, zone=SEOUL, base_url=BASE)
    assert read(many.payload)["Subject"] == "[notice] 12 notices"


def test_a_test_alert_is_marked(make: Make, mail_sink: MailSink) -> None:
    mail = read(channel_for(make, mail_sink).compose([alert(test=True)], now=NOW, zone=SEOUL, base_url=None).payload)
    assert mail["Subject"].startswith("[test] ")


def test_the_target_tells_lanes_apart_and_hides_the_password(make: Make, mail_sink: MailSink) -> None:
    one = channel_for(make, mail_sink, smtp="smtp://user:5ecret@mail.example.org")
    assert one.target.startswith("mail.example.org:587 monitor@example.org to a@example.org +2 ")
    assert "5ecret" not in one.target
    assert channel_for(make, mail_sink, to=["a@example.org", "x@example.org", "y@example.org"]).target != one.target


@pytest.mark.parametrize(
    "keys",
    [
        {"smtp": "http://mail.example.org"},
        {"smtp": "smtp://"},
        {"smtp": "smtp://user:5ecret@mail.example.org:99999"},
        {"to": []},
        {"to": ["no address"]},
        {"to": "a@example.org\r\nBcc: b@example.org"},
        {"from": "a@b@c"},
        {"from": "Me <a@example..org>"},
    ],
)
def test_wrong_keys_are_refused_without_showing_secrets(make: Make, mail_sink: MailSink, keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        channel_for(make, mail_sink, **keys)
    assert "5ecret" not in str(refused.value)
