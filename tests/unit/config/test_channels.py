"""Channels: the keys of all, the keys of a type, who names them, and the fence round the dashboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import render
from tests.unit.config.tools import good, only, pointed, read, where

USED = "rules: [{name: r, any: [x1], notify: [c]}]\n"


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ("{}", "missing-key", "channel 'c' needs 'type'"),
        ("{type: slak}", "unknown-type", "channel 'c' has a type that is not known: 'slak'"),
        ("{type: [slack]}", "unknown-type", "channel 'c' has a type that is not known: 'a list'"),
        ("{type: console, url: x}", "unknown-key", "unknown key 'url' in channel 'c'"),
        ("{type: console, allow_private: true}", "unknown-key", "unknown key 'allow_private' in channel 'c'"),
        ("{type: webhook}", "missing-key", "channel 'c' needs 'url'"),
        ("{type: webhook, url: x}", "value", "'url' in channel 'c': "),
        ("{type: webhook, url: https://x.example.org, allow_private: perhaps}", "value", "'allow_private' in channel 'c': "),
        ("{type: slack}", "value", "channel 'c': slack takes either"),
        ("{type: email, smtp: 'smtp://h', from: a@example.org}", "missing-key", "channel 'c' needs 'to'"),
        ("{type: email, smtp: 'smtp://h', from: a@example.org, to: []}", "value", "'to' in channel 'c': an empty list"),
        ("{type: console, digest: daily}", "value", "'digest' in channel 'c': 'daily' is no cron expression"),
        ("{type: console, digest: 0 0 30 2 *}", "value", "'digest' in channel 'c': '0 0 30 2 *' names a time that never comes"),
        ("{type: console, quiet_hours: 22-7}", "value", "'quiet_hours' in channel 'c': '22' in '22-7' is no time of day"),
        ("{type: console, quiet_hours: ['22:00-07:00', x]}", "value", "'quiet_hours' in channel 'c': 'x' are no hours"),
        ("{type: console, throttle: 5}", "value", "'throttle' in channel 'c': '5' is no rate"),
        ("{type: console, min_severity: urgent}", "value", "'min_severity' in channel 'c': 'urgent' is not known"),
        ("{type: console, on_unknown: drop}", "value", "'on_unknown' in channel 'c': 'drop' is not known"),
        ("{type: console, escalate: {after: 30m}}", "missing-key", "'escalate' in channel 'c' needs 'to'"),
        ("{type: console, escalate: {after: 30m, to: []}}", "value", "'to' in channel 'c': an empty list"),
        (
            "{type: console, escalate: {after: 30m, to: [boss]}}",
            "unknown-channel",
            "'escalate' of channel 'c' names a channel that is not there",
        ),
        ("{type: console, template: {titel: x}}", "unknown-key", "unknown key 'titel' in channel 'c'"),
        ("console", "shape", "channel 'c' is text"),
    ],
)
def test_one_fault(tmp_path: Path, keys: str, code: str, message: str) -> None:
    problem = only(tmp_path, f"{USED}channels:\n  c: {keys}\n")
    assert (problem.code, problem.line) == (code, 3)
    assert problem.message.startswith(message)


def test_an_unknown_key_names_all_that_the_type_takes(tmp_path: Path) -> None:
    problem = only(tmp_path, f"{USED}channels: {{c: {{type: webhook, url: https://x.example.org, seret: abcd}}}}")
    assert (problem.suggestion, pointed(problem)) == ("did you mean 'secret'?", "seret")
    assert problem.expected is not None
    assert problem.expected.startswith("a channel of type webhook takes: type, min_severity, digest")
    assert "allow_private, url, secret, headers" in problem.expected


def test_types_are_named(tmp_path: Path) -> None:
    problem = only(tmp_path, f"{USED}channels: {{c: {{type: webhok}}}}")
    assert problem.suggestion == "did you mean 'webhook'?"
    assert problem.expected is not None
    for name in ("console", "email", "slack", "webhook"):
        assert name in problem.expected


def test_all_faults_of_a_channel_at_once(tmp_path: Path) -> None:
    loaded = read(
        tmp_path, f"{USED}channels:\n  c:\n    type: webhook\n    url: nowhere\n    digest: never\n    min_severity: top\n    foo: bar\n"
    )
    assert [problem.line for problem in loaded.errors] == [5, 6, 7, 8]


def test_operations_name_channels(tmp_path: Path) -> None:
    text = "channels: {desk: {type: console}}\noperations: [desk, dsek]\n"
    problem = only(tmp_path, text)
    assert (problem.code, where(problem), problem.suggestion) == ("unknown-channel", (2, 20), "did you mean 'desk'?")
    assert problem.expected == "channels: desk"
    assert only(tmp_path, "operations: [desk]").expected == "channels: none is configured yet"
    assert only(tmp_path, "operations: [[desk]]").code == "shape"


def test_a_channel_with_a_fault_is_still_one_that_rules_may_name(tmp_path: Path) -> None:
    assert only(tmp_path, f"{USED}channels: {{c: {{type: nothing}}}}").code == "unknown-type"


def test_unused_channels_are_told(tmp_path: Path) -> None:
    text = """
        channels: {a: {type: console}, b: {type: console, escalate: {after: 1h, to: [c]}}, c: {type: console}, d: {type: console}}
        rules: [{name: r, any: [x1], notify: [b]}]
        operations: [d]
    """
    (problem,) = read(tmp_path, text).problems
    assert (problem.code, problem.message, pointed(problem)) == ("unused", "channel 'a' is used by no rule", "a")


def test_settings_of_a_channel_given_as_text(tmp_path: Path) -> None:
    config = good(
        tmp_path, f"{USED}channels: {{c: {{type: webhook, url: https://x.example.org, allow_private: 'true', headers: {{X-N: 5}}}}}}"
    )
    assert config.channels["c"].options == {
        "type": "webhook",
        "url": "https://x.example.org",
        "allow_private": "true",
        "headers": {"X-N": "5"},
    }


@pytest.mark.parametrize(
    ("web", "caret"),
    [
        ("listen: 0.0.0.0:8642", "listen"),
        ("listen: '[::]:8642'", "listen"),
        ("listen: 192.168.1.5:80", "listen"),
        ("listen: host.example.org:80", "listen"),
        ("base_url: https://watch.example.org/", "base_url"),
        ("listen: unix:/run/x.sock, base_url: https://watch.example.org/", "base_url"),
        ("edit: false, listen: 0.0.0.0:1", "listen"),
    ],
)
def test_a_dashboard_that_anybody_could_open(tmp_path: Path, web: str, caret: str) -> None:
    loaded = read(tmp_path, f"web: {{{web}}}")
    assert loaded.config is not None
    assert loaded.fence is not None
    assert (loaded.fence.code, pointed(loaded.fence)) == ("open-dashboard", caret)
    assert loaded.fence.expected is not None
    assert "web.users" in loaded.fence.expected
    assert "127.0.0.1" in loaded.fence.expected
    assert "[open-dashboard]" in render(loaded)


SCRYPT = "scrypt:16384:8:1:c2FsdA:aGFzaGhhc2g"


@pytest.mark.parametrize(
    "web",
    [
        "listen: 127.0.0.1:0",
        "listen: '[::1]:8642'",
        "listen: localhost:8642",
        "listen: unix:/run/x.sock",
        "base_url: http://localhost:8642/",
        f"listen: 0.0.0.0:1, base_url: https://w.example.org, users: {{a: {{password: '{SCRYPT}'}}}}",
        "listen: 0.0.0.0:1, proxy: {user_header: Remote-User, from: [10.0.0.5]}",
        f"listen: 0.0.0.0:1, tokens: {{a: {{token: 'sha256:{'0' * 64}'}}}}",
    ],
)
def test_dashboards_that_are_shut(tmp_path: Path, web: str) -> None:
    loaded = read(tmp_path, f"web: {{{web}}}")
    assert (loaded.problems, loaded.fence) == ((), None)


def test_passwords_in_clear_and_sign_in_for_nobody_are_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, f"web: {{listen: 0.0.0.0:1, users: {{a: {{password: '{SCRYPT}'}}}}}}")
    assert [(problem.code, str(problem.severity)) for problem in loaded.problems] == [("plain-http", "warning")]
    assert [problem.code for problem in read(tmp_path, "web: {auth: required}").problems] == ["no-users"]


@pytest.mark.parametrize(
    ("web", "message"),
    [
        ("listen: 8642", "'listen' in web: '8642' is no address to listen on"),
        ("listen: 127.0.0.1", "'listen' in web: '127.0.0.1' is no address to listen on"),
        ("listen: 127.0.0.1:99999", "'listen' in web: '127.0.0.1:99999' is no address to listen on"),
        ("listen: 'unix:run/x'", "'listen' in web: the path of a Unix socket begins with /"),
        ("base_url: https://x.example.org/?a=b", "'base_url' in web: a base URL is scheme, host and path alone"),
        ("base_url: watch.example.org", "'base_url' in web: this address does not say https:// or http://"),
        ("users: {a: {password: hunter2}}", "'password' in web: this is no hash of a password"),
        ("users: {a/b: {password: x}}", "'a/b' in web: a name can't hold a slash"),
        ("tokens: {a: {token: 'sha256:AB'}}", "'token' in web: this is no hash of a token"),
        ("users: {a: {role: admin, password: x}}", "'role' in web: 'admin' is not known"),
        ("proxy: {user_header: Remote-User}", "'proxy' in web needs 'from'"),
        ("proxy: {user_header: Remote-User, from: []}", "'from' in web: an empty list"),
        ("edit: yes", "'edit' in web: 'yes' is neither true nor false"),
        ("auth: off", "'auth' in web: 'off' is not known"),
    ],
)
def test_wrong_keys_of_web(tmp_path: Path, web: str, message: str) -> None:
    loaded = read(tmp_path, f"web: {{{web}}}")
    assert loaded.errors[0].message.startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("network: {allow: [10.0.0.1/8]}", "'allow' in network: '10.0.0.1/8' has bits set beyond its prefix"),
        ("network: {allow: [intranet]}", "'allow' in network: 'intranet' is no address range"),
        ("network: {allow: 10.0.0.0/8}", "'allow' in network: text where a list is expected"),
        ("network: {per_host: 0}", "'per_host' in network: '0' is not a whole number from 1 to 64"),
        ("network: {per_host: 1e1}", "'per_host' in network: '1e1' is not a whole number from 1 to 64"),
        ("network: {ca_file: none.pem}", "'ca_file' in network: the file none.pem is not there"),
        ("network: {robots: maybe}", "'robots' in network: 'maybe' is neither true nor false"),
        ("defaults: {timezone: Asia/Soul}", "'timezone' in defaults: no time zone is called 'Asia/Soul'"),
        ("defaults: {timezone: ../../etc/passwd}", "'timezone' in defaults: no time zone"),
        ("defaults: {interval: 5}", "'interval' in defaults: '5' is no duration"),
        ("retention: {size: 20}", "'size' in retention: '20' is no size"),
        ("heartbeat: x", "'heartbeat': this address does not say"),
        ("workers: many", "'workers': 'many' is not a whole number from 1 to 256"),
        ("database: monitor.db", "'database': this is no database URL"),
        ("database: postgres://h/d", "'database': no database of ours is reached by postgres://"),
        ("database: 'sqlite:///:memory:'", "'database': the store can't lie in memory"),
        ("database: 'sqlite://'", "'database': a SQLite database needs the path of a file"),
        ("database: postgresql://h", "'database': this URL names no database"),
        ("database: 'postgresql://u:p@h:x/d'", "'database': this database URL can't be read"),
        ("database: [a]", "'database': a list where text is expected"),
    ],
)
def test_wrong_settings(tmp_path: Path, line: str, message: str) -> None:
    assert only(tmp_path, line).message.startswith(message)


def test_the_nearest_time_zone(tmp_path: Path) -> None:
    assert only(tmp_path, "defaults: {timezone: Asia/Soul}").suggestion == "did you mean 'Asia/Seoul'?"
