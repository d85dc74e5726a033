"""References: what is filled in, what is told of those that can't be, and what must never be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import Loaded, as_json, render
from tests.unit.config.tools import good, only, pointed, read, where, write


def feed_name(folder: Path, name: str, env: dict[str, str]) -> str:
    return good(folder, f"feeds: [{{url: https://a.example.org, name: '{name}'}}]", env).feeds[0].name


def test_variables_and_escapes(tmp_path: Path) -> None:
    env = {"A": "x y", "B_2": "${A}", "EMPTY": ""}
    assert feed_name(tmp_path, "${A} and ${A}", env) == "x y and x y"
    assert feed_name(tmp_path, "${B_2}", env) == "${A}"  # what is filled in is not looked at again
    assert feed_name(tmp_path, "a${EMPTY}b", env) == "ab"
    assert feed_name(tmp_path, "$${A} $A $ 5$", env) == "${A} $A $ 5$"
    assert feed_name(tmp_path, "$$${A}", env) == "$${A}"


def test_files(tmp_path: Path) -> None:
    secret = write(tmp_path, "name of a feed\n", "secrets/name")
    assert feed_name(tmp_path, "${file:" + str(secret) + "}", {}) == "name of a feed"
    assert feed_name(tmp_path, "${file:secrets/name}", {}) == "name of a feed"
    assert feed_name(tmp_path, "${file:${DIR}/name}", {"DIR": str(secret.parent)}) == "name of a feed"


def test_a_variable_that_is_not_set_is_named_with_its_place(tmp_path: Path) -> None:
    text = 'channels:\n  desk: {type: slack, webhook_url: "${SLACK_WEBHOK_URL}"}\nrules: [{name: a, any: [x1], notify: [desk]}]\n'
    problem = only(tmp_path, text, {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/x"})
    assert (problem.code, problem.message) == ("unset-variable", "the environment variable SLACK_WEBHOK_URL is not set")
    assert (where(problem), pointed(problem)) == ((2, 37), "${SLACK_WEBHOK_URL}")
    assert problem.suggestion == "did you mean 'SLACK_WEBHOOK_URL'?"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("rules: [{name: a, query: '${X}'}]", "query"),
        ("rules: [{name: a, any: ['${X}']}]", "any"),
        ("feeds: ['${X}']", "url"),
        ("web: {listen: '${X}'}", "listen"),
        ("database: '${X}'", "database"),
        ("channels: {a: {type: webhook, url: '${X}'}}", "url"),
        ("include: ['${X}']", "include"),
        ("operations: ['${X}']", "operations"),
    ],
)
def test_nothing_else_is_told_of_a_value_that_is_not_there(tmp_path: Path, line: str, key: str) -> None:
    assert (only(tmp_path, line, {}).code, key != "") == ("unset-variable", True)


def test_each_variable_that_is_not_set_is_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, "feeds:\n  - '${A}'\n  - url: '${B}'\n    name: '${C}'\n", {})
    assert [problem.message.split()[3] for problem in loaded.errors] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("${A:-x}", "defaults are not taken: set the variable"),
        ("${}", "write $${ for a plain ${"),
        ("${a.b}", "write $${ for a plain ${"),
        ("${A", "write $${ for a plain ${"),
        ("${file:}", "write $${ for a plain ${"),
    ],
)
def test_what_is_no_reference(tmp_path: Path, written: str, advice: str) -> None:
    problem = only(tmp_path, f"feeds: [{{url: https://a.example.org, name: 'x {written}'}}]", {"A": "b"})
    assert (problem.code, problem.suggestion) == ("reference", advice)
    assert pointed(problem) == written


def test_secret_files_that_can_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, "x" * 70_000, "large")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")

    def told(path: str) -> str:
        problem = only(tmp_path, f"feeds: [{{url: https://a.example.org, name: '${{file:{path}}}'}}]", {})
        assert problem.code == "secret-file"
        return problem.message

    assert told("none") == "the file none can't be read: it is not there"
    assert told(".") == "the file . can't be read: it is not there"
    assert told("large") == "the file large is larger than 64 kB"
    assert told("bytes") == "the file bytes is not UTF-8"
    assert told("/dev/zero") == "the file /dev/zero can't be read: it is not there"


def test_a_password_is_made_fit_for_a_url(tmp_path: Path) -> None:
    def smtp(password: str) -> str:
        text = 'channels: {m: {type: email, smtp: "smtp://u:${P}@h.example.org", from: a@example.org, to: [b@example.org]}}'
        return str(good(tmp_path, text, {"P": password}).channels["m"].options["smtp"])

    assert smtp("a@b/c#d?e[f]") == "smtp://u:a%40b%2Fc%23d%3Fe%5Bf%5D@h.example.org"
    assert smtp("a%40b") == "smtp://u:a%40b@h.example.org"
    assert smtp("50%off!") == "smtp://u:50%25off!@h.example.org"
    config = good(tmp_path, 'database: "postgresql://u:${P}@h/d"', {"P": "a@b/c"})
    assert config.database == "postgresql://u:a%40b%2Fc@h/d"
    assert {"a@b/c", "a%40b%2Fc"} <= config.secrets


def test_a_whole_url_stays_as_it_is(tmp_path: Path) -> None:
    config = good(tmp_path, "feeds: ['${U}', 'https://a.example.org/${P}']", {"U": "https://b.example.org/x?y=z@w", "P": "p/q?r"})
    assert [feed.url for feed in config.feeds] == ["https://b.example.org/x?y=z@w", "https://a.example.org/p/q?r"]


def shown(loaded: Loaded) -> str:
    return render(loaded, color=True) + str(as_json(loaded)) + repr(loaded) + "".join(map(str, loaded.problems))


@pytest.mark.parametrize(
    "text",
    [
        'channels: {a: {type: slack, webhook_url: "${S}", nonsense: 1}}',
        'channels: {a: {type: slack, webhook_url: "${S}", token: "${S}"}}',
        'channels: {a: {type: webhook, url: "ftp://x/${S}"}}',
        'channels: {a: {type: webhook, url: "https://x.example.org", secret: "whsec_${S}!"}}',
        'channels: {a: {type: email, smtp: "${S}", from: x, to: []}}',
        'feeds: [{url: "${S}"}]',
        'feeds: [{url: "https://a.example.org", auth: {basic: "${S}", bearer: "${S}"}}]',
        'feeds: [{url: "https://a.example.org", headers: {"${S}": x, X-Y: "${S}\\n"}}]',
        'database: "${S}"',
        'database: "mysql://u:${S}@h/d"',
        'heartbeat: "${S}"',
        'web: {users: {a: {password: "${S}"}}}',
        'web: {tokens: {a: {token: "${S}"}}}',
    ],
)
def test_what_is_filled_in_is_never_shown(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, text, {"S": "S3cr3t-v4lue"})
    assert loaded.errors
    assert "S3cr3t-v4lue" not in shown(loaded)
    assert "S3cr3t-v4lue" in loaded.secrets or "${S}: x" in text.replace('"', "")


@pytest.mark.parametrize(
    "text",
    [
        "channels: {a: {type: slack, webhook_url: https://hooks.slack.com/services/T/B/S3cr3t-v4lue, nonsense: 1}}",
        "channels: {a: {type: webhook, url: https://x.example.org/S3cr3t-v4lue, nonsense: 1}}",
        "channels: {a: {type: webhook, url: https://x.example.org, secret: [S3cr3t-v4lue], nonsense: 1}}",
        "channels: {a: {type: email, smtp: 'smtp://u:S3cr3t-v4lue@h', nonsense: 1}}",
        "feeds: [{url: https://a.example.org, auth: {bearer: S3cr3t-v4lue}, nonsense: 1}]",
        "feeds: [{url: 'https://u:S3cr3t-v4lue@a.example.org', nonsense: 1}]",
        "feeds: [{url: 'https://a.example.org/?api_key=S3cr3t-v4lue', nonsense: 1}]",
        "feeds: [{url: https://a.example.org, headers: {X-Api-Key: S3cr3t-v4lue}, nonsense: 1}]",
        "feeds: [{url: https://a.example.org, cookie: S3cr3t-v4lue, nonsense: 1}]",
        "database: mysql://u:S3cr3t-v4lue@h/d",
        "channels: {a: {type: slack, webhook_url: https://hooks.slack.com/S3cr3t-v4lue",
        "channels:\n  a:\n    token: S3cr3t-v4lue: x\n",
    ],
)
def test_secrets_written_into_the_file_are_masked_and_keep_the_caret_in_place(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, text, {})
    assert loaded.errors
    assert "S3cr3t-v4lue" not in shown(loaded)
    for problem in loaded.errors:
        if problem.code == "unknown-key":
            assert pointed(problem) == "nonsense"


def test_what_is_no_secret_is_not_taken_for_one(tmp_path: Path) -> None:
    text = (
        'defaults: {timezone: "${TZ}"}\nweb: {listen: "${HOST}:8642"}\nfeeds: [{url: https://a.example.org, name: "${N}", tags: ["${N}"]}]'
    )
    config = good(tmp_path, text, {"TZ": "Asia/Seoul", "HOST": "127.0.0.1", "N": "A name"})
    assert config.secrets == frozenset()


def test_what_is_no_text_in_the_environment(tmp_path: Path) -> None:
    assert feed_name(tmp_path, "${A}", {"A": "a\udcffb"}) == "a?b"
