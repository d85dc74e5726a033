"""discord, telegram, mattermost, teams, ntfy, gotify, pagerduty: each against a server that speaks the service's rules."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from monitor.alerts.channels import Channel
from monitor.alerts.channels.teams import Teams
from monitor.alerts.http import to_json
from monitor.model import AlertView, Message, Notice, Outcome, Severity
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, SEOUL, TITLE, URL, alert, pair
from tests.unit.alerts.hostile import TITLES
from tests.unit.alerts.service import Answered, Asked, Service
from tests.unit.alerts.services import KINDS, OOPS, SECRET, TOKEN, Kind, teams_runs, telegram_read

NAMES = [kind.name for kind in KINDS]
CHATS = [kind for kind in KINDS if kind.name != "pagerduty"]


@asynccontextmanager
async def playing(kind: Kind, make: Make) -> AsyncIterator[tuple[Service, Channel]]:
    async with Service(kind.usual, kind.rules) as service:
        yield service, make(kind.name, **kind.keys(service.url))


def compose(channel: Channel, alerts: list[AlertView] | None = None, base_url: str | None = BASE) -> Message:
    given = alerts or pair()
    return channel.compose(given if channel.human else given[:1], now=NOW, zone=SEOUL, base_url=base_url)


async def send(channel: Channel, service: Service, *answers: Answered) -> Outcome:
    service.plan = list(answers)
    return await channel.send(compose(channel))


# -- what holds for all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
async def test_a_message_arrives(make: Make, kind: Kind) -> None:
    async with playing(kind, make) as (service, channel):
        outcome = await channel.send(compose(channel))
        assert (outcome.delivered, outcome.status) == (True, kind.usual[0]), outcome.text
        assert len(service.asked) == 1
        sent = to_json(service.asked[0].json).decode()
        for words in ("US nuclear envoy urges", "sanctions-exemptions", "sanctions exemptions", URL.split("?")[0]):
            assert words in sent.replace("\\\\", ""), words


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
async def test_answers_are_judged(make: Make, kind: Kind) -> None:
    async with playing(kind, make) as (service, channel):
        for answer in kind.gone:
            outcome = await send(channel, service, answer)
            assert (outcome.delivered, outcome.final, outcome.off) == (False, True, True), answer
        for answer in kind.final:
            outcome = await send(channel, service, answer, answer)
            assert (outcome.delivered, outcome.final, outcome.off) == (False, True, False), answer
        for answer, wait in kind.again:
            outcome = await send(channel, service, answer)
            assert (outcome.delivered, outcome.final, outcome.off, outcome.retry_after) == (False, False, False, wait), answer
        for answer in (*kind.gone, *kind.final, OOPS):
            outcome = await send(channel, service, answer)
            assert not any(secret in outcome.text for secret in kind.secrets)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.fallback], ids=lambda kind: kind.name)
async def test_a_refused_form_goes_once_more_as_plain_text(make: Make, kind: Kind) -> None:
    async with playing(kind, make) as (service, channel):
        outcome = await send(channel, service, kind.final[0])
        assert outcome.delivered
        assert len(service.asked) == 2
        assert "sanctions exemptions" in str(service.asked[1].json)
        outcome = await send(channel, service, kind.final[0], OOPS)
        assert (outcome.delivered, outcome.final) == (False, False)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
async def test_no_answer_shows_no_secret(make: Make, kind: Kind) -> None:
    channel = make(kind.name, **kind.keys("http://127.0.0.1:9"))
    outcome = await channel.send(compose(channel))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert not any(secret in outcome.text + channel.target for secret in kind.secrets)
    other = kind.keys("http://127.0.0.1:9")
    key = next(key for key in ("webhook_url", "url", "token", "routing_key") if SECRET in str(other.get(key)) or kind.name == "telegram")
    if kind.name == "telegram":
        other["chat"] = "@other"
    elif kind.name == "matrix":
        other["room"] = "!other:example.org"
    else:
        other[key] = str(other[key]).replace(SECRET, SECRET + "2")
    assert make(kind.name, **other).target != channel.target


LIMITS: list[dict[str, Any]] = [
    {"title": "x" * 5000},
    {"title": "*_`[](" * 900},
    {"title": "👩‍👩‍👧‍👦" * 800},
    {"title": "&<>\"'" * 900, "author": "&" * 500, "site": "<" * 500},
    {"title": "", "body": ""},
    {"body": "sanctions exemptions were named by all. " * 300},
    {"title": "مبعوث أمريكي " * 300, "language": "ar"},
    {"url": None, "site": None, "author": None, "published": None},
    {"url": "https://example.org/" + "a" * 2000},
    {"rule": "r" * 100, "feeds": tuple((f"f{n}", f"https://example.org/{n}") for n in range(300))},
]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
async def test_limits_are_kept(make: Make, kind: Kind) -> None:
    async with playing(kind, make) as (service, channel):
        many = [
            alert(story_id=f"S{n}", title="long & <words> " * 40, rule=f"r{n}" * 20, severity=list(Severity)[n % 4]) for n in range(1000)
        ]
        notice = Notice("N1", "channel desk " * 40, "dead", NOW, "cause & <x> " * 300, "remedy " * 300, "/channels/desk")
        messages = [compose(channel, [alert(**limit)], base_url) for limit in LIMITS for base_url in (BASE, None)]
        messages += [channel.compose_digest(many, now=NOW, zone=SEOUL, base_url=base_url) for base_url in (BASE, None)]
        messages += [channel.compose_digest([], now=NOW, zone=SEOUL, base_url=None, delivery_id="D7")]
        messages += [
            channel.compose_notice(given, now=NOW, zone=SEOUL, base_url=BASE)
            for given in ([notice], [notice] * 50)[: 2 if channel.human else 1]
        ]
        for message in messages:
            outcome = await channel.send(message)
            assert outcome.delivered, outcome.text
        assert len(service.asked) == len(messages), "none was refused and sent as plain text"
        if kind.fallback:
            for message in messages:
                assert kind.rules(Asked("/", {}, message.fallback)) is None


@pytest.mark.parametrize("kind", CHATS, ids=lambda kind: kind.name)
def test_a_digest_counts_what_it_leaves_out(make: Make, kind: Kind) -> None:
    channel = make(kind.name, **kind.keys("http://127.0.0.1:9"))
    many = [alert(story_id=f"S{n}", title=f"NEWS{n} " + "words " * 30) for n in range(300)]
    text = to_json(channel.compose_digest(many, now=NOW, zone=SEOUL, base_url=BASE).payload).decode()
    shown = len(set(re.findall(r"NEWS\d+", text)))
    assert 5 <= shown <= 40
    assert f"and {300 - shown} more" in text


# -- 120 hostile titles -----------------------------------------------------------------------------------------------

OWN = {URL, f"{BASE}/alerts/A1", f"{BASE}/alerts/A1#why", f"{BASE}/alerts/A1#mute", f"{BASE}/"}
FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# A sign is live if an even number of backslashes stands before it.
LIVE = r"(?<!\\)(?:\\\\)*"


def hostile(title: str) -> AlertView:
    return alert(
        title=title, author=title, site=title, body=f"{title} sanctions exemptions {title}", feeds=((title, title),), rule=title[:90] or "r"
    )


def every(channel: Channel, title: str) -> list[Any]:
    messages = [
        channel.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_digest([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_notice(Notice("N", title, title, NOW, title, title, title), now=NOW, zone=SEOUL, base_url=BASE),
    ]
    return [payload for message in messages for payload in (message.payload, message.fallback) if payload is not None]


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    return [text for inner in value for text in texts(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ["discord", "mattermost"])
def test_markdown_of_theirs_does_nothing(make: Make, name: str) -> None:
    kind = next(kind for kind in KINDS if kind.name == name)
    channel = make(name, **kind.keys("http://127.0.0.1:9"))
    for title in TITLES:
        for payload in every(channel, title):
            for text in texts(payload):
                if text in OWN or "://127" in text or text == "desk":
                    continue
                assert not FORBIDDEN.search(text)
                links = set(re.findall(LIVE + r"\]\(([^)]*)\)", text))
                assert links <= OWN, (title, text)
                outside = re.sub(LIVE + r"\[(?:[^\]\\]|\\.)*\]\([^)]*\)", "", text)
                # Only our own quotes, bullets and bold are live; a backslash may stand at the end of a text that was cut.
                assert not re.search(LIVE + r"[`_~|\[\]<#{}]", outside), (title, text)
                assert not re.search(r"[@＠]\w", text), (title, text)
                assert not re.search(r"https?://", outside), (title, text)


def test_telegrams_html_holds_only_our_links(make: Make) -> None:
    kind = next(kind for kind in KINDS if kind.name == "telegram")
    channel = make("telegram", **kind.keys("http://127.0.0.1:9"))
    for title in TITLES:
        for payload in every(channel, title):
            if "parse_mode" in payload:
                reader = telegram_read(payload["text"])
                assert not reader.wrong
                assert set(reader.links) <= OWN
            assert not FORBIDDEN.search(payload["text"])
            assert not re.search(r"@\w", payload["text"])
            assert payload["link_preview_options"] == {"is_disabled": True}


def test_matrix_html_holds_only_our_links(make: Make) -> None:
    channel = make("matrix", url="https://matrix.example.org", token=SECRET, room="!desk:example.org")
    for title in TITLES:
        for payload in every(channel, title):
            reader = telegram_read(payload.get("formatted_body", "").replace("<br>", "\n"))
            assert not reader.wrong
            assert set(reader.links) <= OWN
            assert not FORBIDDEN.search(payload["body"] + payload.get("formatted_body", ""))


async def test_matrix_repeats_a_transaction(make: Make) -> None:
    async with Service((200, {"event_id": "$1"})) as service:
        channel = make("matrix", url=service.url, token=SECRET, room="!desk:example.org")
        for _ in range(2):
            assert (await channel.send(compose(channel))).delivered
        assert {asked.path for asked in service.asked} == {"/_matrix/client/v3/rooms/!desk:example.org/send/m.room.message/D1"}
        assert service.asked[0].method == "PUT"


def test_teams_runs_are_literal_and_link_to_nothing_of_theirs(make: Make) -> None:
    channel = make("teams", webhook_url="http://127.0.0.1:9/x")
    assert isinstance(channel, Teams)
    for title in TITLES:
        for payload in every(channel, title):
            card = payload["attachments"][0]["content"]
            links = [run["selectAction"]["url"] for run in teams_runs(card) if "selectAction" in run] + [
                action["url"] for action in card["actions"]
            ]
            assert set(links) <= OWN
            assert "entities" not in card["msteams"]
            assert not any(FORBIDDEN.search(run["text"]) for run in teams_runs(card))


@pytest.mark.parametrize("name", ["ntfy", "gotify", "pagerduty"])
def test_plain_services_get_clean_text(make: Make, name: str) -> None:
    kind = next(kind for kind in KINDS if kind.name == name)
    channel = make(name, **kind.keys("http://127.0.0.1:9"))
    for title in TITLES:
        for payload in every(channel, title):
            shown = {key: value for key, value in payload.items() if key != "payload"}
            if name == "pagerduty":
                shown["summary"] = payload["payload"]["summary"]
                assert {link["href"] for link in payload["links"]} <= OWN
            assert not any(FORBIDDEN.search(text) for text in texts(shown))
            assert payload.get("click") in (None, *OWN)
            assert payload.get("extras", {}).get("client::notification", {}).get("click", {}).get("url") in (None, *OWN)


# -- what is each one's own -------------------------------------------------------------------------------------------


def note(channel: Channel, notice_state: str) -> Any:
    return channel.compose_notice(
        Notice("N1", "channel desk", notice_state, NOW, "410", "look", None), now=NOW, zone=SEOUL, base_url=BASE
    ).payload


def test_telegram_reads_as_the_others_do(make: Make) -> None:
    channel = make("telegram", token=TOKEN, chat="@desk")
    assert telegram_read(compose(channel).payload["text"]).text.splitlines() == [
        "◆ high · sanctions-exemptions, ffvd",
        TITLE,
        "The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST",
        "…to get to the end point is to achieve final, fully, verified denuclearization of North Korea…",
        "…South Korea, which is seeking sanctions exemptions to push for inter-Korean projects…",
        "+3 more matches · 3 articles in 2 feeds · Open alert · Why · Mute…",
    ]


def test_mattermost_reads_as_the_others_do(make: Make) -> None:
    text = compose(make("mattermost", webhook_url="https://chat.example.org/hooks/x")).payload["text"]
    assert text.splitlines() == [
        "◆ high · sanctions-exemptions, ffvd",
        f"[**{TITLE}**]({URL})",
        "The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST",
        "> …to get to the end point is to achieve **final, fully, verified denuclearization** of North Korea…",
        "> …South Korea, which is seeking **sanctions exemptions** to push for inter-Korean projects…",
        f"+3 more matches · 3 articles in 2 feeds · [Open alert]({BASE}/alerts/A1) · [Why]({BASE}/alerts/A1#why) · "
        f"[Mute…]({BASE}/alerts/A1#mute)",
    ]


def test_discord_puts_the_story_into_an_embed(make: Make) -> None:
    payload = compose(make("discord", webhook_url="https://discord.com/api/webhooks/1/x")).payload
    assert payload["content"] == "◆ high · sanctions-exemptions, ffvd"
    assert payload["embeds"][0]["title"] == TITLE
    assert payload["embeds"][0]["url"] == URL
    assert payload["embeds"][0]["description"].startswith("The Korea Herald")


def test_ntfy_and_gotify_say_how_urgent_it_is(make: Make) -> None:
    for name, keys, urgent in (
        ("ntfy", {"url": "https://ntfy.sh/t"}, [5, 4, 3, 2]),
        ("gotify", {"url": "https://g.example", "token": "t"}, [10, 7, 5, 2]),
    ):
        channel = make(name, **keys)
        assert [compose(channel, [alert(severity=severity)]).payload["priority"] for severity in Severity] == urgent
    ntfy = compose(make("ntfy", url="https://ntfy.sh/t")).payload
    assert ntfy["title"] == f"◆ high · sanctions-exemptions, ffvd: {TITLE}"
    assert ntfy["click"] == URL
    assert ntfy["sequence_id"] == "D1"


async def test_ntfy_and_gotify_sign_in_by_header(make: Make) -> None:
    async with Service() as service:
        await (ntfy := make("ntfy", url=f"{service.url}/base/topic", token="tk_secret")).send(compose(ntfy))
        assert service.asked[0].path == "/base"
        assert service.asked[0].headers["Authorization"] == "Bearer tk_secret"
        assert service.asked[0].json["topic"] == "topic"


def test_pagerduty_events_are_idempotent_and_resolve(make: Make) -> None:
    channel = make("pagerduty", routing_key="k3y-of-the-service")
    message = compose(channel, [alert()])
    assert message.payload["dedup_key"] == message.id == "D1"
    assert message.payload["payload"]["summary"] == f"sanctions-exemptions: {TITLE}"
    assert message.payload["payload"]["custom_details"]["alert"]["id"] == "A1"
    assert "k3y" not in str(message.payload)
    opened, closed = note(channel, "dead"), note(channel, "ok")
    assert (opened["event_action"], closed["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == closed["dedup_key"]
    with pytest.raises(ValueError, match="too many"):
        channel.compose(pair(), now=NOW, zone=SEOUL, base_url=None)


def test_teams_does_not_claim_what_it_cannot_know(make: Make) -> None:
    payload = compose(make("teams", webhook_url="https://x.logic.azure.com/workflows/x")).payload
    assert [action["title"] for action in payload["attachments"][0]["content"]["actions"]] == [
        "Read the original",
        "Open alert",
        "Why",
        "Mute…",
    ]
    assert payload["attachments"][0]["content"]["fallbackText"] == TITLE


async def test_teams_says_accepted(make: Make) -> None:
    async with Service((202, "")) as service:
        channel = make("teams", webhook_url=f"{service.url}/x")
        assert "does not say whether it was posted" in (await channel.send(compose(channel))).text


def test_a_topic_is_needed(make: Make) -> None:
    with pytest.raises(ValueError, match="ends with a topic"):
        make("ntfy", url="https://ntfy.sh/")
