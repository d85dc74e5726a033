"""Finding the feeds of a site."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from monitor.errors import FetchError
from monitor.feeds.discover import MOST, discover, from_page, known_host, sitemaps_of, usual_paths
from monitor.net import AddressGuard, Client, Turns


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://youtube.com/playlist?list=PL0123456789", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL0123456789"),
        ("https://www.youtube.com/user/name/videos", "https://www.youtube.com/feeds/videos.xml?user=name"),
        ("https://old.reddit.com/r/korea/top/", "https://www.reddit.com/r/korea/.rss"),
        ("https://www.reddit.com/user/me/m/news", "https://www.reddit.com/user/me/m/news/.rss"),
        ("https://bsky.app/profile/a.bsky.social", "https://bsky.app/profile/a.bsky.social/rss"),
        ("https://github.com/kurtmckee/feedparser/issues", "https://github.com/kurtmckee/feedparser/releases.atom"),
        ("https://medium.com/@someone", "https://medium.com/feed/@someone"),
        ("https://news.substack.com/p/post", "https://news.substack.com/feed"),
        ("https://x.tumblr.com", "https://x.tumblr.com/rss"),
        ("https://mastodon.social/@Gargron", "https://mastodon.social/@Gargron.rss"),
        ("https://mastodon.social/@Gargron/115000000000000001", "https://mastodon.social/@Gargron.rss"),
        ("https://mastodon.social/@ann@other.example", "https://other.example/@ann.rss"),
        ("https://mastodon.social/tags/korea", "https://mastodon.social/tags/korea.rss"),
        ("https://bsky.app/profile/did:plc:abc", "https://bsky.app/profile/did:plc:abc/rss"),
        ("https://www.reddit.com/r/korea/search/?q=kim&sort=new", "https://www.reddit.com/r/korea/search.rss?q=kim&sort=new"),
    ],
)
def test_hosts_whose_addresses_tell(address: str, feed: str) -> None:
    assert known_host(address)[0].url == feed


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "https://youtube.com/watch?v=x", "https://notyoutube.com/channel/UCx", "https://bsky.app/", "https://h/@a/b"],
)
def test_of_other_addresses_nothing_is_known(address: str) -> None:
    assert known_host(address) == []


def test_a_pages_links_come_likeliest_first() -> None:
    page = """<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
        <link rel="alternate" type="application/rss+xml" title="Korea" href="/category/korea/feed/"><link rel=stylesheet href=/a.css>
        <link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/feed/">
        <a class=x href="/rss.xml">RSS</a><a href="https://ads.example.com/feed/">x</a><a href="/about">About</a>"""
    found = from_page(page, "https://www.example.org/news/")
    assert [(one.url, one.why, one.title) for one in found] == [
        ("https://www.example.org/feed/", "linked", "All & more"),
        ("https://www.example.org/category/korea/feed/", "linked", "Korea"),
        ("https://www.example.org/comments/feed/", "linked", "Comments"),
        ("https://www.example.org/rss.xml", "anchor", None),
    ]


def test_a_youtube_handle_is_looked_up_in_its_page() -> None:
    page = '<script>{"externalId":"UCabcdefghijklmnopqrstuv"}</script>'
    assert from_page(page, "https://www.youtube.com/@handle")[0].url.endswith("channel_id=UCabcdefghijklmnopqrstuv")
    assert from_page(page, "https://example.org/@handle") == []


def test_usual_paths_and_sitemaps() -> None:
    paths = [one.url for one in usual_paths("https://h/blog?x=1")]
    assert paths[0] == "https://h/blog/feed"
    assert "https://h/rss.xml" in paths
    named = sitemaps_of(
        "User-agent: *\nSitemap: /sitemap.xml\nsitemap: https://h/news-sitemap.xml\nSitemap: javascript:x", "https://h/robots.txt"
    )
    assert [(one.url, one.kind) for one in named] == [("https://h/news-sitemap.xml", "sitemap"), ("https://h/sitemap.xml", "sitemap")]


@pytest.fixture
async def site() -> AsyncIterator[str]:
    async def answer(request: web.BaseRequest) -> web.Response:
        match request.path:
            case "/":
                return web.Response(text="<link rel=alternate type=application/rss+xml href=/news.rss>", content_type="text/html")
            case "/plain":
                return web.Response(text="<p>nothing here</p>", content_type="text/html")
            case "/robots.txt":
                return web.Response(text="Sitemap: /sitemap.xml")
        return web.Response(status=404)

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(guard=AddressGuard(["127.0.0.0/8"]), turns=Turns(2), user_agent="monitor-test") as client:
        yield client


async def test_a_site_that_links_its_feed(site: str, client: Client) -> None:
    found = await discover(client, None, f"{site}/")
    assert [(one.url, one.kind) for one in found] == [(f"{site}/news.rss", "feed"), (f"{site}/sitemap.xml", "sitemap")]


async def test_a_site_that_links_none_is_tried_where_feeds_usually_lie(site: str, client: Client) -> None:
    found = await discover(client, None, f"{site}/plain")
    assert found[0].url == f"{site}/plain/feed"
    assert len(found) <= MOST


async def test_a_site_that_does_not_answer(client: Client) -> None:
    with pytest.raises(FetchError):
        await discover(client, None, "http://127.0.0.1:9/")
