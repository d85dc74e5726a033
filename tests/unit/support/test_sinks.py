from __future__ import annotations

import asyncio
import json
import ssl
from email.message import EmailMessage

import aiohttp
import aiosmtplib
import pytest
from slack_sdk.models import blocks as sdk

from tests.support import slack_rules
from tests.support.mail import CA_FILE, MailSink
from tests.support.sinks import SlackSink, WebhookSink, verify_signature


async def post(url: str, payload: object, **headers: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.post(url, json=payload, headers=headers) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def test_a_webhook_answers_as_planned_and_then_as_usual(webhook_sink: WebhookSink) -> None:
    webhook_sink.answer(503, retry_after=2)
    status, _, headers = await post(webhook_sink.url, {})
    assert (status, headers["Retry-After"]) == (503, "2")
    alert = {"rule": {"name": "ffvd"}, "article": {"url": "http://a/1"}}
    assert (await post(webhook_sink.url, {"data": alert}))[0] == 200
    assert webhook_sink.pairs() == [("ffvd", "http://a/1")]
    assert len(webhook_sink.received) == 2


async def test_a_signature_is_verified_by_the_standard_s_example(webhook_sink: WebhookSink) -> None:
    # The example of the Standard Webhooks specification.
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    async with aiohttp.ClientSession() as session:
        await session.post(webhook_sink.url, data=b'{"test": 2432232314}', headers=headers)
    assert verify_signature(webhook_sink.received[0], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert not verify_signature(webhook_sink.received[0], "whsec_bm90IHRoaXMgb25l")


BAD_BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
    {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]},
    {"type": "rich_text", "elements": []},
    {"type": "marquee"},
]


@pytest.mark.parametrize("block", BAD_BLOCKS)
async def test_slack_refuses_what_breaks_its_rules(slack_sink: SlackSink, block: dict[str, object]) -> None:
    status, text, _ = await post(slack_sink.url, {"text": "x", "blocks": [block]})
    assert (status, text) == (400, "invalid_payload")
    assert slack_sink.messages == []


async def test_slack_takes_what_the_sdk_s_own_models_make(slack_sink: SlackSink) -> None:
    link = sdk.RichTextElementParts.Link(url="https://example.org/", text="A title", style={"bold": True})
    quote = sdk.RichTextQuoteElement(elements=[sdk.RichTextElementParts.Text(text="said <!channel>")])
    block = sdk.RichTextBlock(elements=[sdk.RichTextSectionElement(elements=[link]), quote])
    assert (await post(slack_sink.url, {"text": "x", "blocks": [block.to_dict()]}))[0] == 200
    shown = slack_sink.messages[0]
    assert shown.lines == ["A title", "> said <!channel>"]
    assert (shown.links, shown.bold, shown.mentions) == ([("https://example.org/", "A title")], ["A title"], [])


def test_mrkdwn_pings_and_links_unless_it_is_escaped() -> None:
    assert slack_rules.shown({"text": "<!channel> <@U1> <https://evil.test|Reuters>"}).mentions == ["!channel", "@U1"]
    assert slack_rules.shown({"text": "<https://evil.test|Reuters>"}).links == [("https://evil.test", "Reuters")]
    assert slack_rules.shown({"text": "&lt;!channel&gt; AT&amp;T"}).text == "<!channel> AT&T"
    assert slack_rules.shown({"text": "&lt;!channel&gt;"}).mentions == []


async def test_slack_limits_rates_when_told() -> None:
    async with SlackSink(burst=2, per_second=0.01) as sink:
        answers = [(await post(sink.url, {"text": "x"}))[0] for _ in range(3)]
    assert answers == [200, 200, 429]


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Grüße", "a@example.org", "b@example.org"
    message.set_content("Hello\n")
    return message


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
async def test_mail_is_taken_by_each_kind_of_connection(tls: str) -> None:
    trust = ssl.create_default_context(cafile=CA_FILE)
    login = None if tls == "none" else ("user", "pass")
    async with MailSink(tls=tls, login=login) as sink:
        await aiosmtplib.send(
            letter(), hostname="127.0.0.1", port=sink.port, use_tls=tls == "implicit", start_tls=tls == "starttls",
            tls_context=trust if tls != "none" else None, username=login and login[0], password=login and login[1],
        )  # fmt: skip
        mail = sink.mails[0]
        assert (mail.recipients, mail.message["Subject"], mail.part()) == (("b@example.org",), "Grüße", "Hello\n")
        assert (mail.tls, mail.user) == (tls != "none", login and "user")


async def test_a_wrong_password_a_refused_recipient_and_a_refused_message() -> None:
    async with MailSink(tls="starttls", login=("user", "pass")) as sink:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await aiosmtplib.send(
                letter(), hostname="127.0.0.1", port=sink.port, start_tls=True, username="user", password="no",
                tls_context=ssl.create_default_context(cafile=CA_FILE),
            )  # fmt: skip
    async with MailSink() as sink:
        sink.refuse["c@example.org"] = "450 4.2.1 try later"
        sink.answers.append("451 4.3.0 not now")
        with pytest.raises(aiosmtplib.SMTPDataError):
            await aiosmtplib.send(letter(), hostname="127.0.0.1", port=sink.port, start_tls=False)
        errors, _ = await aiosmtplib.send(
            letter(), hostname="127.0.0.1", port=sink.port, start_tls=False, recipients=["b@example.org", "c@example.org"]
        )
        assert errors["c@example.org"].code == 450
        assert [m.recipients for m in sink.mails] == [("b@example.org",)]


@pytest.mark.parametrize("where", ["connect", "rcpt", "data"])
async def test_a_server_that_hangs_can_be_left_and_ended(where: str) -> None:
    async with MailSink() as sink:
        sink.hang = where
        sending = asyncio.create_task(aiosmtplib.send(letter(), hostname="127.0.0.1", port=sink.port, start_tls=False, timeout=2.0))
        with pytest.raises(aiosmtplib.SMTPTimeoutError):
            await sending
        assert sink.sessions == 1


async def test_a_server_that_drops_after_data_has_the_mail() -> None:
    async with MailSink() as sink:
        sink.drop_after_data = True
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await aiosmtplib.send(letter(), hostname="127.0.0.1", port=sink.port, start_tls=False, timeout=5)
        assert len(sink.mails) == 1


def test_the_payload_s_own_faults_are_named() -> None:
    with pytest.raises(slack_rules.Refused, match="no_text"):
        slack_rules.check(json.dumps({"blocks": []}).encode())
