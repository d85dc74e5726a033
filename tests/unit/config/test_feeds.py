"""Feeds: what they take, their names, those that stand twice, and OPML files."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.feeds import default_name
from tests.unit.config.tools import good, only, pointed, read, where, write

OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>x</title></head><body>
<outline text="Korea">
  <outline text="The Korea Herald" title="x" type="rss" xmlUrl="https://www.koreaherald.com/rss/newsAll" htmlUrl="https://www.koreaherald.com"/>
  <outline title="North / South"><outline text="AP / Korea&#10;News" xmlUrl=" https://ap.example.org/k "/></outline>
</outline>
<outline XMLURL="https://bare.example.org/feed.xml?a=b"/>
<outline text="Other"><outline text="again" xmlUrl="https://www.koreaherald.com/rss/newsAll"/>
<outline text="no feed" type="link" url="x"/></outline>
</body></opml>
"""


@pytest.mark.parametrize(
    ("url", "message", "advice"),
    [
        ("ftp://a.example.org/f", "this is no http or https address", None),
        ("www.example.org/feed", "this address does not say https:// or http://", "write https://www.example.org/feed"),
        ("feed://a.example.org/f", "this is no http or https address", None),
        ("file:///etc/passwd", "this is no http or https address", None),
        ("javascript:alert(1)", "this address does not say https:// or http://", None),
        ("https://", "this address names no host", None),
        ("https:///path", "this address names no host", None),
        ("http://127.0.0.1:x/", "this address can't be read", None),
        ("http://a.example.org:99999/", "this address can't be read", None),
        ("https://a b.example.org/", "an address can't be empty or hold a space", None),
        ("https://a.example.org/" + "x" * 2048, "this address has 2070 characters", None),
        ("''", "an address can't be empty or hold a space", None),
    ],
)
def test_addresses_that_can_not_be_asked(tmp_path: Path, url: str, message: str, advice: str | None) -> None:
    problem = only(tmp_path, f"feeds:\n  - https://good.example.org\n  - {url}\n")
    assert message in problem.message
    assert where(problem) == (3, 5)
    assert problem.suggestion == advice


@pytest.mark.parametrize(
    "url", ["HTTP://A.example.org", "https://10.0.0.1/f", "http://localhost:8000/f", "https://뉴스.example.org/x", "http://[::1]/f"]
)
def test_addresses_that_are_refused_at_work_alone(tmp_path: Path, url: str) -> None:
    assert good(tmp_path, f"feeds: ['{url}']").feeds[0].url == url


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("name: x", "feed 'x' needs url or opml"),
        ("url: https://a.example.org, opml: b", "feed 'https://a.example.org' takes url or opml, not both"),
        ("opml: b, name: x", "a file of feeds takes no 'name'"),
        ("url: https://a.example.org, auth: {}", "'auth' in feed 'https://a.example.org' takes one of basic and bearer"),
        ("url: https://a.example.org, select: {item: a}", "'select' in feed 'https://a.example.org' is for feeds of type page"),
        ("url: https://a.example.org, interval: 0s", "'interval' in feed 'https://a.example.org': 0s is too short"),
        ("url: https://a.example.org, interval: 15 minutes", "'interval' in feed 'https://a.example.org': '15 minutes' is no duration"),
        ("url: https://a.example.org, body: pages", "'body' in feed 'https://a.example.org': 'pages' is not known"),
        ("url: https://a.example.org, tags: korea", "'tags' in feed 'https://a.example.org': text where a list is expected"),
        ("url: https://a.example.org, name: a/b", "'name' in feed 'a/b': a name can't hold a slash: 'a/b'"),
        ("url: https://a.example.org, name: ", "'name' in feed 'https://a.example.org': there is no value"),
        ('url: https://a.example.org, name: "a\\tb"', "'name' in feed 'a\tb': a control character (U+0009) can't stand here"),
        ("url: https://a.example.org, headers: {a b: c}", "'a b' in feed 'https://a.example.org': 'a b' is no name of a header"),
        (
            'url: https://a.example.org, headers: {A: "b\\r\\nc"}',
            "'A' in feed 'https://a.example.org': a control character (U+000D) can't stand here",
        ),
        ("url: https://a.example.org, proxy: socks5://x", "'proxy' in feed 'https://a.example.org': this is no http or https address"),
    ],
)
def test_wrong_keys(tmp_path: Path, keys: str, message: str) -> None:
    assert only(tmp_path, f"feeds: [{{{keys}}}]").message == message


def test_things_that_are_no_feed(tmp_path: Path) -> None:
    assert only(tmp_path, "feeds: [[a]]").message == "a list where a feed is expected"
    assert only(tmp_path, "feeds: [~]").message == "'url' in feed 1: there is no value"


def test_a_feed_that_stands_twice_counts_once_with_both_tags(tmp_path: Path) -> None:
    text = "feeds:\n  - {url: https://a.example.org/f, name: A, tags: [x]}\n  - {url: 'https://A.example.org:443/f#top', tags: [y, x]}\n"
    loaded = read(tmp_path, text)
    assert loaded.config is not None
    (feed,) = loaded.config.feeds
    assert (feed.name, feed.tags, loaded.counts.feeds) == ("A", ("x", "y"), 1)
    (problem,) = loaded.warnings
    assert (problem.code, where(problem)) == ("duplicate-feed", (3, 11))
    assert problem.expected == f"the first counts, with the tags of both: {tmp_path}/monitor.yaml:2:11"


def test_http_and_https_are_two_feeds(tmp_path: Path) -> None:
    assert len(good(tmp_path, "feeds: [http://a.example.org/f, https://a.example.org/f]").feeds) == 2


def test_names_that_are_made(tmp_path: Path) -> None:
    text = "feeds: [https://a.example.org/x/, http://a.example.org/x, {url: https://b.example.org, name: a.example.org x 2}, http://www.a.example.org/x]"
    assert [feed.name for feed in good(tmp_path, text).feeds] == [
        "a.example.org x",
        "a.example.org x 3",
        "a.example.org x 2",
        "a.example.org x 4",
    ]
    assert default_name("https://www.x.org/a//b.xml?c=d") == "x.org a b.xml c=d"
    assert default_name("https://x.org/f?token=abc") == "x.org f"
    assert default_name("http://[") == "http: ["


def test_two_feeds_of_one_name_are_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, "feeds:\n  - {url: https://a.example.org, name: N}\n  - {url: https://b.example.org, name: N}\n")
    assert [problem.code for problem in loaded.problems] == ["duplicate-name"]


def test_opml(tmp_path: Path) -> None:
    write(tmp_path, OPML, "sub/feeds.opml")
    loaded = read(tmp_path, "feeds:\n  - {opml: sub/feeds.opml, tags: [imported], interval: 1h}\ndefaults: {body: feed}\n")
    assert loaded.problems == ()
    assert loaded.config is not None
    assert loaded.files[-1] == f"{tmp_path}/sub/feeds.opml"
    assert loaded.counts.feeds == 3
    first, second, third = loaded.config.feeds
    assert (first.url, first.name, first.tags) == (
        "https://www.koreaherald.com/rss/newsAll",
        "The Korea Herald",
        ("imported", "Korea", "Other"),
    )
    assert (second.url, second.name, second.tags) == ("https://ap.example.org/k", "AP Korea News", ("imported", "Korea", "North South"))
    assert (third.name, third.named, third.tags) == ("bare.example.org feed.xml a=b", False, ("imported",))
    assert (first.interval, first.body, first.where) == (3600.0, "feed", f"{tmp_path}/sub/feeds.opml:4")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not xml", "is not well-formed XML"),
        ("", "is not well-formed XML"),
        ("<rss/>", "is no OPML: it begins with <rss>"),
        ("<opml><body><outline text='&' xmlUrl='https://a.example.org'/></body></opml>", "is not well-formed XML"),
        ("<opml><body><outline text='A' xmlUrl='ftp://a'/></body></opml>", "feed A: this is no http or https address"),
    ],
)
def test_broken_opml(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text, "f.opml")
    problem = only(tmp_path, "feeds: [{opml: f.opml}]")
    assert message in problem.message
    assert (problem.code, problem.file, problem.line) == ("opml", f"{tmp_path}/f.opml", 1)


def test_opml_that_is_not_there(tmp_path: Path) -> None:
    problem = only(tmp_path, "feeds: [{opml: f.opml}]")
    assert problem.message == f"the file {tmp_path}/f.opml can't be read: it is not there"
    assert (where(problem), pointed(problem)) == ((1, 16), "f.opml")


def test_opml_without_feeds_is_told(tmp_path: Path) -> None:
    write(tmp_path, "<opml><body/></opml>", "f.opml")
    (problem,) = read(tmp_path, "feeds: [{opml: f.opml}]").problems
    assert (problem.code, str(problem.severity)) == ("opml", "warning")


def test_entities_of_opml_fetch_nothing(tmp_path: Path) -> None:
    secret = write(tmp_path, "top secret", "secret")
    text = f"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]>
    <opml><body><outline text="A" xmlUrl="https://a.example.org">&x;</outline></body></opml>"""
    write(tmp_path, text, "f.opml")
    config = good(tmp_path, "feeds: [{opml: f.opml}]")
    assert [feed.url for feed in config.feeds] == ["https://a.example.org"]
    assert "top secret" not in repr(config)


def test_entities_of_opml_swell_nothing(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    write(tmp_path, f'<!DOCTYPE opml [<!ENTITY a0 "aaaaaaaaaa">{bomb}]><opml><body>&a9;</body></opml>', "f.opml")
    assert "is not well-formed XML: " in only(tmp_path, "feeds: [{opml: f.opml}]").message


def test_deep_opml(tmp_path: Path) -> None:
    write(tmp_path, "<opml><body>" + "<outline text='a'>" * 200 + "</outline>" * 200 + "</body></opml>", "f.opml")
    assert read(tmp_path, "feeds: [{opml: f.opml}]").config is not None


@pytest.mark.parametrize(
    ("keys", "message", "caret"),
    [
        ("type: page, select: {item: 'li['}", "'item' in feed 'A': '[' is no selector that is understood", "'li['"),
        ("type: page, select: {item: li, link: 'a:hover'}", "'link' in feed 'A': :hover is not understood", "'a:hover'"),
        ("type: page, select: {item: li, title: ' '}", "'title' in feed 'A': the text is empty", "' '"),
        ("auth: {basic: somebody}", "'basic' in feed 'A': there is no ':' between user and password", "*" * 7 + "}"),
    ],
)
def test_selectors_and_sign_ins_that_nothing_can_come_of(tmp_path: Path, keys: str, message: str, caret: str) -> None:
    problem = only(tmp_path, f"feeds: [{{url: https://a.example.org/f, name: A, {keys}}}]")
    assert (problem.code, problem.message) == ("value", message)
    assert pointed(problem).startswith(caret[:7])


def test_a_feed_that_stands_twice_is_named_by_its_address(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "feeds: [https://a.example.org/f, https://a.example.org/f]").warnings
    assert problem.message == "the feed https://a.example.org/f stands twice"
