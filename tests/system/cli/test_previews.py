"""`feeds preview` and `articles preview` of files and addresses: exact keys, each source its own success or error, nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.daemon import monitor
from tests.support.site import Site

FEED_KEYS = ["source", "url", "format", "feed", "entries", "warnings", "error"]
ENTRY_KEYS = ["guid", "url", "title", "author", "published_at", "updated_at", "summary", "content"]
PAGE_KEYS = ["source", "url", "canonical_url", "title", "author", "site", "language", "published_at", "body", "warnings", "error"]
OPEN = "network: {allow: [127.0.0.0/8], user_agent: 'our-own/1'}\nchannels: {desk: {type: slack, webhook_url: '${NEVER_SET}'}}\n"


async def test_each_source_is_a_line_of_its_own(tmp_path: Path) -> None:
    async with Site() as site:
        feed = site.feed(entries=2)
        (tmp_path / "feed.xml").write_bytes(feed.document())
        (tmp_path / "open.yaml").write_text(OPEN)
        rows = [
            {"path": str(tmp_path / "feed.xml"), "url": "https://news.example/feed"},
            {"path": "feed.xml"},
            {"path": "missing.xml", "url": None},
        ]
        (tmp_path / "list.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
        more = (feed.url, site.url + "/missing", "--from", "list.jsonl", "--json", "--config", "open.yaml")
        done = await monitor("feeds", "preview", *more, cwd=tmp_path)
        assert (done.status, done.err) == (0, "")
        named, gone, read, beside, missing = done.json_lines
        assert all(list(line) == FEED_KEYS for line in done.json_lines)
        assert [line["source"] for line in (named, gone)] == [feed.url, site.url + "/missing"]
        assert [line["source"] for line in (read, beside, missing)] == [row["path"] for row in rows]
        assert (read["url"], beside["url"]) == ("https://news.example/feed", None)
        assert gone["error"] == "answered 404"
        assert "can't be read" in missing["error"]
        assert (missing["feed"], missing["entries"], missing["warnings"]) == ({"title": None, "link": None, "language": None}, [], [])
        for line in (named, read, beside):
            assert line["error"] is None
            assert list(line["feed"]) == ["title", "link", "language"]
            assert [list(entry) for entry in line["entries"]] == [ENTRY_KEYS] * 2
            assert all(entry["published_at"].endswith("Z") for entry in line["entries"])
        assert {seen.headers["User-Agent"] for seen in site.seen(feed.path)} == {"our-own/1"}
        assert len(site.seen(feed.path)) == 1  # a file is read alone


async def test_a_page_alone_and_what_a_failure_says(tmp_path: Path) -> None:
    async with Site() as site:
        article = site.feed(entries=1).articles[0]
        (tmp_path / "open.yaml").write_text(OPEN)
        done = await monitor("articles", "preview", article.url, "--json", "--config", "open.yaml", cwd=tmp_path)
        assert list(done.json) == PAGE_KEYS
        assert (done.status, done.json["source"], done.json["error"]) == (0, article.url, None)
        assert article.paragraphs[0] in done.json["body"]
        closed = await monitor("articles", "preview", article.url, "--json", cwd=tmp_path)
        assert (closed.status, list(closed.json)) == (1, PAGE_KEYS)
        assert "127.0.0.1 is not to be reached" in closed.json["error"]
        told = json.loads(closed.err)
        assert told["detail"] == f"{article.url}: {closed.json['error']}"
        other = await monitor("articles", "preview", "ftp://news.example/a", "--json", cwd=tmp_path)
        assert (other.status, other.out) == (2, "")
        assert "only http and https" in json.loads(other.err)["detail"]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["open.yaml"]


async def test_an_address_is_read_as_what_the_configuration_calls_it(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<html><title>Desk</title><div class=card><h3><a href=/1>One</a></h3></div><h2><a href=/x>No</a></h2></html>"
    )
    (tmp_path / "list.jsonl").write_text(json.dumps({"path": "page.html", "url": "https://news.example/desk"}))
    (tmp_path / "conf.yaml").write_text("feeds: [{url: https://news.example/desk, type: page, select: {item: div.card}}]\n")
    done = await monitor("feeds", "preview", "--from", "list.jsonl", "--json", "--config", "conf.yaml", cwd=tmp_path)
    assert (done.status, done.json["format"], done.json["feed"]["title"]) == (0, "page", "Desk")
    assert [(entry["url"], entry["title"]) for entry in done.json["entries"]] == [("https://news.example/1", "One")]
    (tmp_path / "conf.yaml").write_text("feeds: [{url: https://news.example/desk, type: page, cookie: '${NEVER_SET}'}]\n")
    other = await monitor("feeds", "preview", "--from", "list.jsonl", "--json", "--config", "conf.yaml", cwd=tmp_path)
    assert (other.status, other.json["error"]) == (1, "an HTML page, not a feed")
