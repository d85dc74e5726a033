"""init: a configuration that works, by options and by questions, and never over one that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.actions.founding import Wish, count, rule_name, text_of
from monitor.config import load
from monitor.errors import QueryError
from tests.unit.cli.conftest import Run

WISHES = {
    "console": Wish([("https://a.example/rss", "The Korea Herald, all: news")], ["sanctions exemptions", "FFVD"]),
    "slack": Wish([("https://a.example/rss", None)], ["제재 면제"], "slack", "HOOK"),
    "email": Wish(
        [("https://a.example/rss", 'He said "no" ${HOME}')], ["=US", "waiver*"], "email", smtp="smtp://m.example", address="a@example.org"
    ),
    "private": Wish([("http://10.0.0.1/rss", "x")], ["a: b", "#c", "- d"], allow=("10.0.0.0/8",), zone="Asia/Seoul"),
}


@pytest.mark.parametrize("name", WISHES)
def test_what_is_written_is_a_good_configuration_with_comments(name: str, tmp_path: Path) -> None:
    wish = WISHES[name]
    file = tmp_path / "monitor.yaml"
    file.write_text(text_of(wish), encoding="utf-8")
    loaded = load(file, env={"HOOK": "https://hooks.slack.com/services/T0/B0/x"})
    assert loaded.config is not None, loaded.problems
    assert loaded.problems == ()
    config = loaded.config
    assert [(feed.url, feed.name) for feed in config.feeds if feed.named] == [(url, title) for url, title in wish.feeds if title]
    assert config.operations == (wish.channel,)
    assert [rule.notify for rule in config.rules] == [(wish.channel,)]
    assert all(line.partition("#")[2] for line in text_of(wish).splitlines() if line.startswith(("feeds:", "rules:", "channels:")))


def test_words_that_are_no_terms_are_refused() -> None:
    with pytest.raises(QueryError):
        text_of(Wish([("https://a.example/rss", None)], ["/("]))


@pytest.mark.parametrize(
    ("words", "name"), [(["Sanctions Exemptions"], "sanctions-exemptions"), (["제재 면제"], "제재-면제"), (["=*"], "watch"), ([], "watch")]
)
def test_a_rule_is_called_after_its_words(words: list[str], name: str) -> None:
    assert rule_name(words) == name


def test_words_are_counted_by_the_matcher_itself() -> None:
    texts = ["Seoul seeks sanctions exemptions", "No sanction, no exemption", "대북 제재 면제를 요청"]
    assert [count([word], texts) for word in ("sanctions exemptions", "제재 면제", "peace")] == [1, 1, 0]


@pytest.mark.parametrize("words", [["init"], ["init", "--yes"], ["init", "--feed", "https://a.example/", "--yes"]])
def test_with_nobody_to_ask_options_have_to_say_it(words: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.status == 2
    assert "--watch" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_that_is_there_is_never_overwritten(run: Run, home: Path) -> None:
    before = (home / "config" / "monitor.yaml").read_bytes()
    done = run("init", "--feed", "https://a.example/", "--watch", "x", "--yes")
    assert done.status == 2
    assert "not overwritten" in done.err
    assert (home / "config" / "monitor.yaml").read_bytes() == before
