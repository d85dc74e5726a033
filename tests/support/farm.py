"""A farm of news sites on many loopback addresses, with a sink that knows which alerts are due.

It serves RSS, Atom and JSON feeds in turn, article pages with the usual boilerplate, and a webhook. Every article is
made from the seed, so that the farm knows exactly which articles a right monitor must alert on, and reports alerts that
are missing, doubled or false, their latency, and lapses of politeness. `farm_http.py` is its HTTP side.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import accumulate

RULES = {  # rule's name -> phrase in the article that makes it due
    "sanctions-exemptions": "sanctions exemptions",
    "ffvd": "FFVD",
    "denuclearization": "final, fully verified denuclearization",
}
# How a phrase is written into the page: (shape, does a right monitor alert on it?)
PLANTS = [
    ("<p>{before} {phrase} {after}</p>", True),
    ("<p>{before} {first}\n  {rest} {after}</p>", True),  # broken over two source lines
    ("<p>{before} <a href='/tag'>{first}</a> <em>{rest}</em> {after}</p>", True),  # split by inline tags
    ("<blockquote><p>“{phrase},” {before}.</p></blockquote>", True),  # curly quotes, a comma
    ("<p>{before} {upper} {after}</p>", True),  # shouted
    ("<p>{before} x{joined}x {after}</p>", False),  # inside a longer word
]
FAULTS = ("500", "429", "hang", "drip", "garbage", "truncated", "redirect-loop", "gzip-bomb", "410", "reset")
CONTENT_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
VOCABULARY = 6000
LETTERS = "etaoinshrdlucmfwypvbgk"
BALLAST = f"<script>{'var x=1;' * 2000}</script><style>{'.a{color:red}' * 1000}</style>"


@dataclass
class Story:
    feed: int
    number: int
    url: str
    title: str
    published: float  # Unix time
    due: list[str]  # names of the rules that must alert
    planted: str = ""  # the paragraph with the phrase
    decoy: str = ""  # a phrase that stands only in a teaser of another story


@dataclass
class FarmFeed:
    number: int
    host: str
    stories: list[Story] = field(default_factory=list)
    body: bytes = b""
    zipped: bytes = b""
    etag: str = ""
    modified: str = ""
    last_request: float = 0.0


@dataclass(frozen=True)
class Received:
    rule: str
    url: str
    id: str | None
    at: float


@dataclass(frozen=True)
class Report:
    due: int
    received: int
    missing: tuple[tuple[str, str], ...]  # (rule, URL)
    doubled: int
    redelivered: int  # the same webhook-id again: only a crash with the answer in flight excuses it
    false: int
    latency: tuple[float, ...]  # seconds from publication to the first alert, sorted

    def quantile(self, share: float) -> float | None:
        return self.latency[min(len(self.latency) - 1, int(share * len(self.latency)))] if self.latency else None


class Fields:
    """What is published, what was asked for, which alerts came in: the farm without its servers."""

    def __init__(
        self,
        *,
        feeds: int = 20,
        hosts: int = 4,
        entries: int = 20,
        seed: int = 1,
        poll: str = "1s",
        max_per_host: int = 4,
        min_interval: float = 1.0,
    ) -> None:
        self.entries, self.poll, self.max_per_host, self.min_interval = entries, poll, max_per_host, min_interval
        self.port = 0
        self.random = random.Random(seed)
        self.words = ["".join(self.random.choices(LETTERS, k=self.random.randint(2, 10))) for _ in range(VOCABULARY)]
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(VOCABULARY)))
        self.hosts = [f"127.0.{1 + n // 250}.{1 + n % 250}" for n in range(hosts)]
        self.feeds = [FarmFeed(n, self.hosts[n % hosts]) for n in range(feeds)]
        self.stories: dict[str, Story] = {}
        self.stats: Counter[str] = Counter()
        self.faults: dict[str, str] = {}  # host -> kind
        self.sink_status = 200
        self.sink_retry_after: str | None = None
        self.received: list[Received] = []

    def fill(self) -> None:
        """Gives each feed its first entries, which no rule watches for."""
        for feed in self.feeds:
            for _ in range(self.entries):
                self.add_story(feed, plant=False)
            self.render_feed(feed)

    # -- making stories -----------------------------------------------------------------------------------------------

    def text(self, count: int, source: random.Random | None = None) -> str:
        return " ".join((source or self.random).choices(self.words, cum_weights=self.weights, k=count))

    def add_story(self, feed: FarmFeed, *, plant: bool) -> Story:
        number = len(feed.stories) + 1
        url = f"http://{feed.host}:{self.port}/f{feed.number}/story-{number}.html"
        story = Story(feed.number, number, url, self.text(8).capitalize(), time.time(), [])
        if plant:
            self._plant(story)
        feed.stories.append(story)
        self.stories[url] = story
        return story

    def _plant(self, story: Story) -> None:
        draw = self.random.random()
        rule, phrase = self.random.choice(list(RULES.items()))
        if draw < 0.6:
            shape, is_due = self.random.choice(PLANTS)
            first, _, rest = phrase.partition(" ")
            story.planted = shape.format(
                before=self.text(20), after=self.text(20), phrase=phrase, first=first, rest=rest,
                upper=phrase.upper(), joined=phrase.replace(" ", "").replace(",", ""),
            )  # fmt: skip
            if is_due:
                story.due.append(rule)
        elif draw < 0.8:  # only in a teaser of another story: no alert is due
            story.decoy = phrase

    def publish(self, count: int = 1) -> list[Story]:
        """Puts new stories into feeds drawn at random; answers them, each with the rules that are due."""
        changed: dict[int, FarmFeed] = {}
        fresh = []
        for _ in range(count):
            feed = self.random.choice(self.feeds)
            fresh.append(self.add_story(feed, plant=True))
            changed[feed.number] = feed
        now = time.time()
        for story in fresh:
            story.published = now
        for feed in changed.values():
            self.render_feed(feed)
        return fresh

    def fall_ill(self, share: float, kinds: tuple[str, ...] = FAULTS) -> set[str]:
        """Makes that share of hosts misbehave (0: none), each in one of the ways; answers the sick hosts."""
        sick = self.random.sample(self.hosts[1:], int(share * (len(self.hosts) - 1)))
        self.faults = {host: kinds[n % len(kinds)] for n, host in enumerate(sick)}
        return set(sick)

    # -- how they look ------------------------------------------------------------------------------------------------

    def render_page(self, story: Story) -> bytes:
        """The page is made when it is asked for, the same each time."""
        source = random.Random(story.url)
        paragraphs = [f"<p>{self.text(source.randint(40, 90), source).capitalize()}.</p>" for _ in range(12)]
        if story.planted:
            paragraphs.insert(source.randint(1, 11), story.planted)
        teasers = [f"<li><a href='/f{n}/story-1.html'>{self.text(7, source)}</a></li>" for n in range(24)]
        if story.decoy:
            teasers.append(f"<li><a href='/f0/story-1.html'>{self.text(3, source)} {story.decoy} {self.text(3, source)}</a></li>")
        menu = "".join(f"<li><a href='/s{n}'>{word}</a></li>" for n, word in enumerate(self.words[:40]))
        when = datetime.fromtimestamp(story.published, UTC).isoformat()
        return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{story.title} - Farm Herald</title>
<link rel="canonical" href="{story.url}"><meta property="og:title" content="{story.title}">
<meta property="article:published_time" content="{when}"><meta name="author" content="A. Reporter">
{BALLAST}</head><body>
<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{story.title}</h1>
<div class="byline">By A. Reporter</div><ul class="share"><li>Link copied</li></ul>
{"".join(paragraphs)}</article></main><aside class="related"><h3>Most read</h3><ul>{"".join(teasers)}</ul></aside>
<footer><p>Copyright Farm Herald. All rights reserved.</p></footer></body></html>""".encode()

    def render_feed(self, feed: FarmFeed) -> None:
        shown = feed.stories[-self.entries :][::-1]
        home = f"http://{feed.host}:{self.port}/f{feed.number}"
        write = (_rss, _atom, _json)[feed.number % 3]
        feed.body = write(feed.number, home, shown).encode()
        feed.zipped = gzip.compress(feed.body, 1)
        feed.etag = f'"{hashlib.sha256(feed.body).hexdigest()[:16]}"'
        feed.modified = format_datetime(datetime.now(UTC), usegmt=True)

    def config(self, *, database: str | None = None) -> str:
        """A monitor configuration for this farm: every feed, the three rules, one webhook channel."""
        lines = [f"database: {database}"] if database else []
        lines += ["network:", "  allow: [127.0.0.0/8]", f"  per_host: {self.max_per_host}", "feeds:"]
        lines += [f"  - {{url: 'http://{f.host}:{self.port}/f{f.number}/feed', interval: {self.poll}}}" for f in self.feeds]
        lines += ["rules:"]
        lines += [f"  - {{name: {name}, any: ['{phrase}'], notify: [sink]}}" for name, phrase in RULES.items()]
        lines += ["channels:", f"  sink: {{type: webhook, url: 'http://{self.hosts[0]}:{self.port}/sink/webhook'}}", ""]
        return "\n".join(lines)

    # -- what is due, and what came -----------------------------------------------------------------------------------

    def report(self) -> Report:
        due = {(rule, story.url): story.published for story in self.stories.values() for rule in story.due}
        first: dict[tuple[str, str], Received] = {}
        doubled = redelivered = false = 0
        for alert in self.received:
            key = (alert.rule, alert.url)
            if key not in due:
                false += 1
            elif key not in first:
                first[key] = alert
            elif alert.id and alert.id == first[key].id:
                redelivered += 1
            else:
                doubled += 1
        latency = tuple(sorted(first[key].at - due[key] for key in first))
        missing = tuple(key for key in due if key not in first)
        return Report(len(due), len(self.received), missing, doubled, redelivered, false, latency)


def _date(story: Story) -> datetime:
    return datetime.fromtimestamp(story.published, UTC)


def _rss(number: int, home: str, stories: list[Story]) -> str:
    items = "".join(
        f"<item><title>{s.title}</title><link>{s.url}</link><guid isPermaLink='false'>g{s.feed}-{s.number}</guid>"
        f"<pubDate>{format_datetime(_date(s))}</pubDate><description>{html.escape('<p>A summary.</p>')}</description></item>"
        for s in stories
    )
    head = f"<title>Feed {number}</title><link>{home}</link><description>d</description>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>"


def _atom(number: int, home: str, stories: list[Story]) -> str:
    entries = "".join(
        f"<entry><title>{s.title}</title><link href='{s.url}'/><id>tag:farm,2026:{s.feed}-{s.number}</id>"
        f"<updated>{_date(s).isoformat()}</updated><summary>A summary.</summary></entry>"
        for s in stories
    )
    head = f"<title>Feed {number}</title><id>{home}</id>"
    return f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>{head}{entries}</feed>"


def _json(number: int, home: str, stories: list[Story]) -> str:
    items = [
        {"id": f"j{s.feed}-{s.number}", "url": s.url, "title": s.title, "summary": "A summary.", "date_published": _date(s).isoformat()}
        for s in stories
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": f"Feed {number}", "home_page_url": home, "items": items})
