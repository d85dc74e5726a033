"""Planted causes: articles that did not alert, or not arrive, each for one known reason, over all stages of the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from monitor.articles import normalize_url
from monitor.net import host_key
from monitor.store import sql
from monitor.store import tables as t

NOW = 1_540_795_263.0
FILLER = (
    "The town fair opened on Saturday with music and good food. Many visitors came by train from far away, said its host. "
    "Rain had been forecast, yet the sun shone until late. Children painted a wall near the old mill, and a band played. "
)
KOREAN = (
    "토요일에 마을 축제가 열렸다. 많은 손님이 기차를 타고 멀리서 왔다. 비가 온다고 했지만 해가 늦게까지 났다. 아이들은 벽에 그림을 그렸다. "
)
RUSSIAN = "Ярмарка открылась в субботу с музыкой и едой. Гости приехали на поезде издалека. Дождя не было, и солнце светило до вечера. "
PAIRS = [
    ("sanctions", "exemptions", FILLER),
    ('"nuclear envoy"', '"joint statement"', FILLER),
    ("Vladivostok", "chairman", FILLER),
    ("missile", "inspectors", FILLER),
    ("FFVD", "denuclearization", FILLER),
    ("제재", "면제", KOREAN),
    ("비핵화", "특사", KOREAN),
    ("санкции", "исключения", RUSSIAN),
]


@dataclass(slots=True)
class Case:
    """`code` is what must be told of `url`; of `rule` alone, whose query is `query`, where there is one."""

    code: str
    url: str
    query: str | None = None
    rule: str | None = None
    listed: bool | str = False  # whether the site's feeds list it now; a text is the error that asking them brought
    about: str = ""


@dataclass(slots=True)
class World:
    """Rows to be written, and the cases they make."""

    cases: list[Case] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, table: sa.Table, **row: Any) -> int:
        id_ = next(self._numbers)
        self.rows.setdefault(table.name, []).append({"id": id_, **row} if "id" in table.c else row)
        return id_

    def feed(self, **more: Any) -> tuple[int, str]:
        """A feed on a site of its own: its id and the site's host."""
        number = next(self._numbers)
        host = f"site{number}.example"
        url = f"https://{host}/feed"
        base: dict[str, Any] = {
            "url": url, "name": f"Feed {number}", "host": host_key(url), "polled_url": url, "added_at": NOW - 9e5, "interval": 300.0,
            "first_good_at": NOW - 8e5, "last_good_at": NOW - 60, "last_poll_at": NOW - 60, "last_status": 200, "due_at": NOW + 240,
        }  # fmt: skip
        return self.add(t.feeds, **{**base, **more}), host

    def article(
        self, title: str = "A title", body: str = FILLER * 8, *, kind: str = "new", feed: int | None = None, **more: Any
    ) -> tuple[int, str]:
        """An article that was read, with its entry and page: its id and URL."""
        if feed is None:
            feed, _ = self.feed()
        number = next(self._numbers)
        url = f"https://paper{number}.example/story/{number}"
        furniture = more.pop("furniture", "")
        base: dict[str, Any] = {
            "key": sql.digest(normalize_url(url)), "url": url, "host": host_key(url), "title": title, "body": body, "text_state": "page",
            "language": "en", "first_seen_at": NOW - 600, "fetched_at": NOW - 590, "matched_at": NOW - 590, "tries": 1, "story_id": number,
        }  # fmt: skip
        id_ = self.add(t.articles, **{**base, **more})
        self.rows.setdefault("stories", []).append({"id": number, "article_id": id_, "created_at": NOW - 590})
        self.add(t.entries, key=sql.digest(id_, "entry"), feed_id=feed, guid=url, article_id=id_, kind=kind, title=title, seen_at=NOW - 600)
        self.rows.setdefault("pages", []).append({"article_id": id_, "status": 200, "bytes": 9000, "took": 0.4, "furniture": furniture})
        return id_, url

    def unmatched(self, code: str, query: str, title: str, body: str, about: str = "", **more: Any) -> None:
        """A rule of its own that does not match an article of its own."""
        _, url = self.article(title, body, **more)
        name = f"{code} {len(self.cases)}"
        created = NOW - 60 if code == "rule-newer" else NOW - 9e5
        self.add(t.rules, name=name, query=query, severity="normal", created_at=created, changed_at=created)
        self.cases.append(Case(code, url, query, name, about=about))

    def matched(
        self,
        code: str,
        *,
        channels: Sequence[str] = ("desk",),
        withheld: str | None = None,
        lane: dict[str, Any] | None = None,
        **delivery: Any,
    ) -> None:
        """A rule that matched and alerted, and what became of it."""
        article, url = self.article("FFVD", "FFVD stands here. " + FILLER)
        name = f"{code} {len(self.cases)}"
        rule = self.add(t.rules, name=name, query="FFVD", severity="normal", created_at=NOW - 9e5, changed_at=NOW - 9e5)
        story = self.rows["stories"][-1]["id"]
        alert = self.add(
            t.alerts, uid=f"alert{rule}", rule_id=rule, rule=name, query="FFVD", severity="normal", article_id=article, story_id=story,
            created_at=NOW - 590, changed_at=NOW - 590,
        )  # fmt: skip
        spans = sql.dump([{"field": "title", "start": 0, "end": 4, "text": "FFVD", "term": "FFVD", "entity": None}])
        self.add(t.matches, rule_id=rule, article_id=article, alert_id=alert, spans=spans, created_at=NOW - 590)
        if withheld is not None:
            self.rows.setdefault("withheld", []).append({"alert_id": alert, "channel": channels[0] if channels else "", "reason": withheld})
        else:
            for channel in channels:
                kept = self.add(t.lanes, channel=f"{channel} {alert}", type="webhook", **(lane or {}))
                base: dict[str, Any] = {"state": "waiting", "created_at": NOW - 590}
                self.add(
                    t.deliveries, uid=f"delivery{kept}", alert_id=alert, lane_id=kept, channel=f"{channel} {alert}", story_id=story,
                    **{**base, **delivery},
                )  # fmt: skip
        self.cases.append(Case(code, url, "FFVD", name))


def world() -> World:
    """All causes, planted."""
    made = World()
    for number in range(6):
        _unseen(made, number)
        _read(made, number)
        _sent(made, number)
    for pair in PAIRS:
        _language(made, *pair)
    _words(made)
    return made


def write(conn: sa.Connection, now: float, made: World) -> None:
    for name, rows in made.rows.items():
        table = t.metadata.tables[name]
        for columns, some in itertools.groupby(sorted(rows, key=lambda row: sorted(row)), key=lambda row: sorted(row)):
            assert columns
            sql.many(conn, sa.insert(table), list(some))


# -- before it was seen -------------------------------------------------------------------------------------------------
def _unseen(made: World, number: int) -> None:
    def case(code: str, *, listed: bool | str = False, host: str | None = None, about: str = "", **feed: Any) -> None:
        site = host or made.feed(**feed)[1]
        made.cases.append(Case(code, f"https://{site}/unseen/{number}", listed=listed, about=about))

    case("unknown-site", host=f"nobody{number}.example")
    case("not-in-feed")
    case("not-polled-yet", listed=True)
    case("not-polled-yet", about="never polled", first_good_at=None, last_good_at=None, last_poll_at=None, last_status=None)
    case("feed-paused", listed=bool(number % 2), paused_at=NOW - 500, state="paused")
    case("feed-removed", configured=0)
    failing = {"error_text": "503 Service Unavailable", "error_code": "http", "last_status": 503}
    case("feed-failing", state="failing", listed="503", **failing)
    case("feed-failing", state="quarantined", listed=bool(number % 2), **failing)
    case("feed-failing", listed="the name was not found", about="it fails now for the first time")
    case("feed-ended", state="ended", ended_at=NOW - 500, error_text="410 Gone", error_code="http", last_status=410, listed="410")
    case("rolled-over", rolled_over_at=NOW - 400)


# -- entry, page, extraction --------------------------------------------------------------------------------------------
def _read(made: World, number: int) -> None:
    def case(code: str, rule: str | None = None, **article: Any) -> int:
        id_, url = made.article(**article)
        made.cases.append(Case(code, url))
        return id_

    case("not-read-yet", text_state="waiting", tries=0, due_at=NOW + 30, matched_at=None)
    case("backlog", kind="backlog", news=0, text_state="feed-text", why="backlog", matched_at=None, story_id=None)
    case("backlog", kind="backlog", news=0)  # of a feed whose backlog is read
    first = made.article()[0]
    case("duplicate", kind="duplicate", duplicate_of=first)
    waiting = {"why": "page-failed", "why_text": "the page answered 503", "tries": 1 + number % 5}
    case("page-failed", text_state="waiting", due_at=NOW + 300, matched_at=None, **waiting)
    for code in ("forbidden-address", "robots", "page-failed", "page-thin", "paywall", "not-html"):
        case(code, text_state="feed-text", why=code, why_text=f"the page: {code}", body="The feed's own text.")
    case("retention", body="", why="retention", why_text="its text was past the age or size kept")


# -- rules --------------------------------------------------------------------------------------------------------------
def _language(made: World, one: str, two: str, filler: str) -> None:
    """Causes that every pair of terms can have."""
    a, b = one.strip('"'), two.strip('"')
    far, long = filler * 3, filler * 12
    made.unmatched("no-term", f"{one} AND {two}", "A title", f"{long} {a}. {long}")
    made.unmatched("no-term", one, "A title", long)
    made.unmatched("no-term", f"{one} NEAR/5 {two}", "A title", f"{far} {b}. {far}")
    made.unmatched("near", f"{one} NEAR/3 {two}", "A title", f"{far} {a} {filler} {b} {far}")
    made.unmatched("near", f"{one} NEAR/P {two}", "A title", f"{far} {a}\n{far}\n{b} {far}")
    made.unmatched("near", f"{one} NEAR/S {two}", "A title", f"{far} {a} {filler} {b} {far}")
    made.unmatched("order", f"{one} ONEAR/3 {two}", "A title", f"{far} {b} {a} {far}")
    made.unmatched("count", f"ATLEAST/3 {one}", "A title", f"{far} {a} {filler} {a} {far}")
    made.unmatched("field", f"title:{one}", "A title", f"{far} {a} {far}")
    made.unmatched("field", f"body:{one}", f"{a} in the title", long)
    made.unmatched("field", f"lead:{one}", "A title", f"{long} {a} {far}")
    made.unmatched("excluded", f"{one} NOT {two}", "A title", f"{far} {a} {far} {b}.")
    made.unmatched("excluded", f"{one} AND NOT lang:en", "A title", f"{far} {a} {far}")
    made.unmatched("excluded", f"{one} NOT NEAR/5 {two}", "A title", f"{far} {a} {b} {far}")
    made.unmatched("furniture", one, "A title", long, furniture=f"More on {a}\nSubscribe")
    made.unmatched("furniture", f"{one} AND {two}", "A title", f"{long} {b}", furniture=f"Related: {a}")
    made.unmatched("rule-newer", one, "A title", f"{far} {a} {far}")


def _words(made: World) -> None:
    """Causes inside words."""
    for term, text in (
        ("=US", "us"), ("=Sanctions", "sanctions"), ("=who", "WHO"), ('="Final Verified"', "final verified"), ("=Café", "cafe"),
        ("=SEOUL", "Seoul"),
    ):  # fmt: skip
        made.unmatched("case", term, "A title", f"{FILLER} {text} {FILLER}")
    for term, text in (
        ("sanction", "sanctions"), ("exempt", "exemptions"), ("nuclear", "denuclearization"), ("비핵", "비핵화"), ("санкц", "санкции"),
        ("missile", "missiles"), ("envoy", "envoys"), ('"joint statement"', "joint statements"),
    ):  # fmt: skip
        made.unmatched("boundary", term, "A title", f"{FILLER * 3} {text} {FILLER * 3}")
    for term, text in (
        ("denuclearization", "denuclearisation"), ("exemption", "exemtion"), ("Vladivostok", "Vladivostock"),
        ('"Kim Jong-un"', "Kim Jong-in"), ("sanctions", "santions"), ("Pyongyang", "Pyeongyang"), ("entity:Leader", "Kim Jong On"),
        ("inspectors", "inspektors"),
        ("waiver", "wavier"), ("Zelenskyy", "Zelensky"),
    ):  # fmt: skip
        made.unmatched("spelling", term, "A title", f"{FILLER * 3} {text} {FILLER * 3}")


# -- alerts and deliveries ----------------------------------------------------------------------------------------------
def _sent(made: World, number: int) -> None:
    made.matched("delivered", state="delivered", delivered_at=NOW - 580, first_try_at=NOW - 581, last_try_at=NOW - 580, tries=1, status=200)
    made.matched("no-channel", channels=(), withheld="no-channel")
    for reason in ("severity-floor", "channel-gone", "muted"):
        made.matched(reason, withheld=reason)
    made.matched("channel-gone", state="dead", reason="channel-gone")
    for reason in ("age", "final", "dropped"):
        made.matched("dead", state="dead", reason=reason, tries=5, last_try_at=NOW - 30, text="500")
    made.matched("quiet-hours", reason="quiet-hours", due_at=NOW + 900, held_until=NOW + 900)
    made.matched("throttled", reason="throttled", due_at=NOW + 900, held_until=NOW + 900)
    made.matched("digest", lane={"digest": "0 7 * * *", "digest_at": NOW + 7200})
    made.matched("retrying", state="retrying", tries=2, last_try_at=NOW - 5, text="503", lane={"failures": 2, "due_at": NOW + 30})
    made.matched("retrying", lane={"failures": 4, "due_at": NOW + 60, "last_text": "connection refused"})
    made.matched("retrying", lane={"off": 1, "last_text": "410 Gone"})
    made.matched("unknown", state="unknown", first_try_at=NOW - 500, tries=1)
    _story_told(made)


def _story_told(made: World) -> None:
    made.matched("delivered", state="delivered", delivered_at=NOW - 580, tries=1)
    made.cases.pop()
    story, rule = made.rows["stories"][-1]["id"], made.rows["rules"][-1]
    article, url = made.article("FFVD again", "FFVD stands here too. " + FILLER, story_id=story)
    made.rows["stories"].pop()
    made.add(t.matches, rule_id=rule["id"], article_id=article, reason="story-told", spans="[]", created_at=NOW - 300)
    made.cases.append(Case("story-told", url, "FFVD", rule["name"]))
