"""A configuration that is right: what the program gets of it."""

from __future__ import annotations

import pickle
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import load
from monitor.config.units import Hours, Rate
from monitor.model import Severity
from tests.unit.config.tools import ENV, SLACK, good, read, write

DESIGN = """
database: sqlite:///monitor.db
defaults: {interval: auto, timezone: Asia/Seoul}
network:
  allow: []
  per_host: 2
feeds:
  - https://www.koreaherald.com/rss/newsAll
  - {url: https://en.yna.co.kr/RSS/nk.xml?a=b, name: Yonhap, tags: [korea], interval: 5m, body: auto}
entities:
  FFVD:
    aliases: ["final, fully verified denuclearization", "최종적이고 완전하게 검증된 비핵화"]
  Kim Jong-un: {type: person, aliases: [Kim Jong Un, 김정은, Ким Чен Ын]}
rules:
  - name: sanctions-exemptions
    any: ["sanctions exemptions", "sanctions waiver*"]
    severity: high
    notify: [desk, analysts]
  - name: ffvd
    query: 'entity:FFVD AND NOT site:kcna.kp'
    notify: [desk]
channels:
  desk:     {type: slack, webhook_url: "${SLACK_WEBHOOK_URL}"}
  analysts: {type: email, smtp: "smtp://user:${SMTP_PASSWORD}@mail.example.org:587",
             from: m@example.org, to: [a@example.org], digest: "0 7 * * *"}
  archive:  {type: webhook, url: https://archive.example.org/hook, secret: "${WEBHOOK_SECRET}"}
  terminal: {type: console}
operations: [desk]
web: {listen: 127.0.0.1:8642}
include: [rules/*.yaml]
"""


def test_the_example_of_the_design(tmp_path: Path) -> None:
    loaded = read(tmp_path, DESIGN)
    config = loaded.config
    assert config is not None
    assert [problem.message for problem in loaded.problems] == [
        "channel 'archive' is used by no rule",
        "channel 'terminal' is used by no rule",
    ]
    assert config.database_url(tmp_path) == f"sqlite:///{tmp_path}/monitor.db"
    assert config.defaults.timezone == ZoneInfo("Asia/Seoul")
    first, second = config.feeds
    assert (first.url, first.name, first.named, first.interval) == (
        "https://www.koreaherald.com/rss/newsAll", "koreaherald.com rss newsAll", False, None,
    )  # fmt: skip
    assert (second.name, second.named, second.tags, second.interval, second.line) == ("Yonhap", True, ("korea",), 300.0, 9)
    sanctions, ffvd = config.rules
    assert sanctions.query.text == '"sanctions exemptions" OR "sanctions waiver*"'
    assert (sanctions.severity, sanctions.notify, sanctions.line) == (Severity.HIGH, ("desk", "analysts"), 15)
    assert (ffvd.query.text, ffvd.severity) == ("entity:FFVD AND NOT site:kcna.kp", Severity.NORMAL)
    assert config.channels["desk"].options == {"type": "slack", "webhook_url": SLACK}
    assert config.channels["analysts"].options["smtp"] == "smtp://user:p%40ss%2Fword@mail.example.org:587"
    assert config.channels["analysts"].digest == "0 7 * * *"
    assert config.operations == ("desk",)
    assert (config.web.listen.host, config.web.listen.port) == ("127.0.0.1", 8642)
    assert loaded.fence is None


def test_all_keys_are_taken(tmp_path: Path) -> None:
    write(tmp_path, "x", "ca.pem")
    config = good(
        tmp_path,
        """
        database: postgresql://monitor:secret@db.example.org/monitor
        defaults: {interval: 10m, timezone: UTC, body: feed, backlog: read, max_age: 7d, severity: low}
        network: {allow: [10.0.0.0/8, "fd00::/8", 192.168.1.5], per_host: 4, user_agent: me, requests_per_minute: 60,
                  proxy: http://proxy.example.org:3128, ca_file: ca.pem, robots: false}
        feeds:
          - {url: https://a.example.org/f, name: A, tags: [x], interval: 1s, body: page, backlog: alert, type: page, max_age: off,
             select: {item: li, link: a, title: h2, time: time}, auth: {basic: "user:${TOKEN}"}, headers: {X-A: b}, cookie: session=b,
             user_agent: other, proxy: http://p.example.org}
          - {url: https://b.example.org/f, auth: {bearer: "${TOKEN}"}}
        entities:
          A: {aliases: [aaa], type: thing, not: [aaa battery], members: [B]}
          B:
        rules:
          - {name: r, all: [one], none: [two], severity: critical, notify: [c], again: on_change, throttle: 10/1h}
        channels:
          c: {type: console, min_severity: high, digest: 0 7 * * mon-fri, digest_empty: send, quiet_hours: 22:00-07:00, throttle: 5/1m,
              escalate: {after: 30m, to: [w]}, on_unknown: hold, template: {title: t, text: u}}
          w: {type: webhook, url: https://w.example.org, secret: [one1, two2], headers: {Authorization: "Bearer ${TOKEN}"},
              allow_private: true,
              quiet_hours: ["sat-sun 00:00-24:00", "22:00-07:00"]}
        operations: [c]
        web:
          listen: unix:/run/monitor/web.sock
          base_url: https://watch.example.org/news/
          auth: required
          users: {desk1: {role: editor, password: "scrypt:16384:8:1:c2FsdA:aGFzaGhhc2g"}}
          tokens: {grafana: {role: viewer, token: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}
          proxy: {user_header: Remote-User, from: [10.0.0.5], role: viewer}
          edit: false
        retention: {articles: 90d, size: 20GB}
        heartbeat: https://hc.example.org/ping
        workers: 3
        """,
    )
    assert config.database_url(tmp_path) == config.database == "postgresql://monitor:secret@db.example.org/monitor"
    assert config.network.allow == ("10.0.0.0/8", "fd00::/8", "192.168.1.5/32")
    assert (config.network.robots, config.network.requests_per_minute) == (False, 60)
    assert config.network.ca_file == str(tmp_path / "ca.pem")
    first, second = config.feeds
    assert (first.max_age, first.backlog, first.body) == (None, "alert", "page")
    assert (second.max_age, second.backlog, second.body, second.interval) == (7 * 86400.0, "read", "feed", 600.0)
    assert first.auth is not None
    assert first.auth.basic == "user:token-of-a-feed"
    rule = config.rules[0]
    assert (rule.throttle, rule.again, rule.severity) == (Rate(10, 3600.0), "on_change", Severity.CRITICAL)
    channel = config.channels["c"]
    assert channel.quiet_hours == (Hours(frozenset(range(7)), 1320, 420),)
    assert channel.escalate is not None
    assert (channel.escalate.after, channel.escalate.to, channel.on_unknown) == (1800.0, ("w",), "hold")
    assert config.channels["w"].quiet_hours[0] == Hours(frozenset((5, 6)), 0, 1440)
    assert config.retention.articles == 90 * 86400.0
    assert config.retention.size == 20 * 10**9
    assert (config.heartbeat, config.workers) == ("https://hc.example.org/ping", 3)
    assert config.web.base_url == "https://watch.example.org/news"
    assert config.web.edit is False
    assert {"secret", "token-of-a-feed", "one1", "two2", "session=b"} <= config.secrets


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing\n", "---\n", "feeds:\nrules:\n", "{}", "null", "feeds: []\n", "\ufeff# with a mark\n"]
)
def test_what_is_empty_is_right(tmp_path: Path, text: str) -> None:
    config = good(tmp_path, text)
    assert (config.feeds, config.rules, config.channels, config.operations) == ((), (), {}, ())
    assert config.defaults.interval is None
    assert config.database == "sqlite:///monitor.db"
    assert config.workers >= 1
    assert str(config.web.listen) == "127.0.0.1:8642"


def test_a_rule_takes_the_default_severity(tmp_path: Path) -> None:
    config = good(tmp_path, "defaults: {severity: low}\nrules:\n  - {name: a, any: [x1]}\n  - {name: b, any: [x1], severity: high}\n")
    assert [rule.severity for rule in config.rules] == [Severity.LOW, Severity.HIGH]


def test_only_some_sections(tmp_path: Path) -> None:
    text = """
        entities: {A: {aliases: [aaa]}}
        channels: {desk: {type: slack, webhook_url: "${NOT_SET}"}}
        rules: [{name: r, query: "entity:A", notify: [desk]}]
        nonsense: true
    """
    loaded = read(tmp_path, text, {}, ("entities", "rules"))
    assert [problem.code for problem in loaded.errors] == ["unknown-key"]
    loaded = read(tmp_path, text.replace("nonsense: true", ""), {}, ("entities", "rules"))
    assert loaded.config is not None
    assert [rule.name for rule in loaded.config.rules] == ["r"]
    assert loaded.config.channels == {}
    assert read(tmp_path, text.replace("nonsense: true", ""), {}).config is None


def test_it_crosses_to_another_process(tmp_path: Path) -> None:
    loaded = read(tmp_path, DESIGN)
    again = pickle.loads(pickle.dumps(loaded))
    assert again.config.rules == loaded.config.rules if loaded.config else False
    assert again.problems == loaded.problems


def test_values_can_not_be_changed(tmp_path: Path) -> None:
    config = good(tmp_path, DESIGN)
    for holder, name in (
        (config, "rules"),
        (config.web, "edit"),
        (config.feeds[0], "url"),
        (config.rules[0], "name"),
        (config.defaults, "body"),
    ):
        with pytest.raises((AttributeError, ValueError)):
            setattr(holder, name, None)


def test_the_environment_is_the_process_s_if_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_TEST_NAME", "A feed")
    path = write(tmp_path, 'feeds: [{url: https://a.example.org, name: "${MONITOR_TEST_NAME}"}]')
    config = load(path).config
    assert config is not None
    assert config.feeds[0].name == "A feed"


def test_the_fingerprint_is_of_what_is_written_not_how(tmp_path: Path) -> None:
    base = good(tmp_path, "feeds: [https://a.example.org/1, https://a.example.org/2]\nworkers: 2\n").fingerprint
    assert good(tmp_path, "# other\nworkers: 2\nfeeds:\n- https://a.example.org/2\n- 'https://a.example.org/1'\n").fingerprint == base
    assert good(tmp_path, "feeds: [https://a.example.org/1]\nworkers: 2\n").fingerprint != base
    text = 'feeds: [{url: https://a.example.org, cookie: "${TOKEN}"}]'
    assert good(tmp_path, text).fingerprint == good(tmp_path, text, {"TOKEN": "another-token"}).fingerprint


def test_the_fingerprint_knows_other_files(tmp_path: Path) -> None:
    opml = '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example.org/{}"/></body></opml>'
    write(tmp_path, opml.format(1), "f.opml")
    first = good(tmp_path, "feeds: [{opml: f.opml}]").fingerprint
    write(tmp_path, opml.format(2), "f.opml")
    assert good(tmp_path, "feeds: [{opml: f.opml}]").fingerprint != first


def test_no_secret_in_what_is_printed(tmp_path: Path) -> None:
    loaded = read(tmp_path, DESIGN, ENV)
    assert SLACK in loaded.secrets
    assert "secrets" not in repr(loaded.config)
