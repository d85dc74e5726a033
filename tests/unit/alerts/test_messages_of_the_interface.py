"""The messages of the interface's section 7, to the letter, on an article of our own about the same facts."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from monitor.model import Message, Notice
from tests.support import slack_rules
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, LONGER, SEOUL, TITLE, URL, alert, pair


def mail(message: Message) -> EmailMessage:
    read = message_from_bytes(message.payload, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: Message, kind: str = "plain") -> str:
    body = mail(message).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


SLACK = """\
◆ high · sanctions-exemptions, ffvd
US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea
The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST
> …to get to the end point is to achieve *final, fully, verified denuclearization* of North Korea…
> …South Korea, which is seeking *sanctions exemptions* to push for inter-Korean projects…
+3 more matches · 3 articles in 2 feeds · Open alert · Why · Mute…"""


def test_slack_looks_as_the_interface_shows_it(make: Make) -> None:
    message = make("slack", webhook_url="https://hooks.slack.com/services/T/B/secret").compose(pair(), now=NOW, zone=SEOUL, base_url=BASE)
    starred = "\n".join(_line(element) for element in message.payload["blocks"][0]["elements"])
    assert starred == SLACK
    shown = slack_rules.shown(message.payload)
    assert shown.text == SLACK.replace("*", "")
    assert shown.bold == [TITLE, "final, fully, verified denuclearization", "sanctions exemptions"]
    assert shown.links == [
        (URL, TITLE),
        (f"{BASE}/alerts/A1", "Open alert"),
        (f"{BASE}/alerts/A1#why", "Why"),
        (f"{BASE}/alerts/A1#mute", "Mute…"),
    ]
    assert message.id == "D1"


def _line(element: dict[str, object]) -> str:
    leaves = element["elements"]
    assert isinstance(leaves, list)
    quote = element["type"] == "rich_text_quote"
    text = "".join(f"*{leaf['text']}*" if quote and "style" in leaf else leaf["text"] for leaf in leaves)
    return f"> {text}" if quote else text


MAIL = """\
US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea
https://www.koreaherald.com/view.php?ud=20181029000675
The Korea Herald · Ock Hyun-ju · 29 October 2018, 15:41 KST · English
Why: sanctions-exemptions (high), 5 matches
  …South Korea, which is seeking [sanctions exemptions] to push for inter-Korean projects…
  …expected to discuss the issue of [sanctions exemptions] for the Koreas…   and 3 more
Story of 3 articles · in: The Korea Herald, all news
Alert: https://watch.example.org/news/alerts/A1    You get this as channel 'analysts' of rule 'sanctions-exemptions'.
"""


def test_a_mail_looks_as_the_interface_shows_it(make: Make) -> None:
    channel = make("email", "analysts", smtp="smtp://mail.example.org", **{"from": "monitor@example.org", "to": "a@example.org"})
    one = alert(body=LONGER, feeds=(("The Korea Herald, all news", "https://www.koreaherald.com/rss/newsAll"),))
    message = channel.compose([one], now=NOW, zone=SEOUL, base_url=BASE)
    assert mail(message)["Subject"] == "[high] US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea"
    assert part(message) == MAIL
    html = part(message, "html")
    for words in ("sanctions exemptions</mark> to push", "and 3 more", f'href="{BASE}/alerts/A1"', "English", "5 matches"):
        assert words in html


CONSOLE = """\
15:41:07  HIGH  sanctions-exemptions, ffvd
          US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea
          The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST
          …to get to the end point is to achieve «final, fully, verified denuclearization» of North Korea…
          …South Korea, which is seeking «sanctions exemptions» to push for inter-Korean projects…
          +3 more matches · 3 articles in 2 feeds
          https://www.koreaherald.com/view.php?ud=20181029000675
"""


async def test_the_console_looks_as_the_interface_shows_it(make: Make, written: list[str]) -> None:
    channel = make("console", _tty=True)
    outcome = await channel.send(channel.compose(pair(), now=NOW, zone=SEOUL, base_url=None))
    assert outcome.delivered
    assert written == [CONSOLE]


def test_the_subject_of_a_digest(make: Make) -> None:
    channel = make("email", "analysts", smtp="smtp://mail.example.org", **{"from": "monitor@example.org", "to": "a@example.org"})
    stories = ["S1", "S2", "S3", "S4", "S5"]
    alerts = [alert(story_id=story) for story in stories] + [pair(story_id=story)[1] for story in stories[:2]]
    seven = NOW.replace(day=29, hour=22, minute=0)  # 30 October, 07:00 in Seoul
    message = channel.compose_digest(alerts, now=seven, zone=SEOUL, base_url=BASE)
    assert mail(message)["Subject"] == "[digest] 7 alerts in 5 stories: sanctions-exemptions 5, ffvd 2 (30 Oct, 07:00 KST)"


TROUBLE = Notice(
    "N1", "feed The Korea Herald, all news", "failing", NOW - timedelta(hours=9), "503 Service Unavailable", "it is asked again", "/feeds/7"
)
TOLD = """\
⚠ feed The Korea Herald, all news: failing
since 29 Oct 2018 06:41 KST, 9 h ago
cause: 503 Service Unavailable
remedy: it is asked again"""


def test_operations_hear_since_when_cause_remedy_and_link(make: Make) -> None:
    slack = make("slack", webhook_url="https://hooks.slack.com/services/T/B/secret")
    shown = slack_rules.shown(slack.compose_notice(TROUBLE, now=NOW, zone=SEOUL, base_url=BASE).payload)
    assert shown.text == TOLD
    assert shown.links == [(f"{BASE}/feeds/7", "⚠ feed The Korea Herald, all news: failing")]
    post = make("email", "analysts", smtp="smtp://mail.example.org", **{"from": "monitor@example.org", "to": "a@example.org"})
    message = post.compose_notice(TROUBLE, now=NOW, zone=SEOUL, base_url=BASE)
    assert mail(message)["Subject"] == "[notice] ⚠ feed The Korea Herald, all news: failing"
    lines = part(message).splitlines()
    assert [line.strip() for line in lines[:5]] == [*TOLD.splitlines(), f"{BASE}/feeds/7"]
    terminal = make("console", _tty=True).compose_notice(TROUBLE, now=NOW, zone=SEOUL, base_url=BASE)
    first, *rest = [*TOLD.splitlines(), f"{BASE}/feeds/7"]
    assert terminal.payload == "\n".join([f"15:41:08  NOTICE  {first}", *(" " * 10 + line for line in rest), ""])


DIGEST = """\
digest · 4 alerts in 3 stories: sanctions-exemptions 3, ffvd 1 (30 Oct, 07:00 KST)
◆ high · First · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · sanctions-exemptions, ffvd
◆ high · Second · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · sanctions-exemptions
◆ high · Third · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · sanctions-exemptions"""


def test_a_digest_in_slack_is_a_line_a_story_and_the_number_of_the_rest(make: Make) -> None:
    slack = make("slack", webhook_url="https://hooks.slack.com/services/T/B/secret")
    seven = NOW.replace(hour=22, minute=0)
    stories = [*pair(story_id="S1", title="First"), alert(story_id="S2", title="Second"), alert(story_id="S3", title="Third")]
    assert slack_rules.shown(slack.compose_digest(stories, now=seven, zone=SEOUL, base_url=BASE).payload).text == DIGEST
    many = [alert(story_id=f"S{n}", title="T") for n in range(63)]
    shown = slack_rules.shown(slack.compose_digest(many, now=seven, zone=SEOUL, base_url=BASE).payload)
    told = sum(line.startswith("◆ high · T ·") for line in shown.lines)
    assert 20 <= told <= 40
    assert shown.lines[-1] == f"and {63 - told} more"
    assert shown.links[-1] == (f"{BASE}/", f"and {63 - told} more")
    assert len(shown.text) <= 3000
