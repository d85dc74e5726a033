"""From what people paste to feeds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.actions.adding import discover
from monitor.net import AddressGuard, Client, Turns
from monitor.workers import Workers

RSS = "<rss version='2.0'><channel><title>{}</title><item><title>T</title><guid>g</guid></item></channel></rss>"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture
async def site() -> AsyncIterator[str]:
    pages = {
        "/": ("text/html", "<link rel=alternate type=application/rss+xml href=/linked.xml>"),
        "/linked.xml": ("application/rss+xml", RSS.format("Linked")),
        "/robots.txt": ("text/plain", "Sitemap: /index.xml\nSitemap: /news.xml\nSitemap: /gone.xml\n"),
        "/index.xml": ("application/xml", f"<sitemapindex {NS}><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"),
        "/news.xml": ("application/xml", f"<urlset {NS}><url><loc>/1</loc></url></urlset>"),
    }

    async def answer(request: web.Request) -> web.Response:
        if request.path not in pages:
            return web.Response(status=404)
        kind, body = pages[request.path]
        return web.Response(body=body.encode(), content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_sitemaps_of_a_site_come_after_its_feeds_and_only_where_wanted(site: str) -> None:
    guard, turns = AddressGuard(allow=["127.0.0.0/8"]), Turns(2)
    async with Client(guard=guard, turns=turns, user_agent="t", per_host=2) as client, Workers(1) as workers:
        found = await discover(client, workers, site, sitemaps=True)
        assert [(one.url.removeprefix(site), one.format, one.entries) for one in found] == [
            ("linked.xml", "rss 2.0", 1),
            ("news.xml", "sitemap", 1),
            ("index.xml", "sitemap", 0),
        ]
        assert [one.title for one in await discover(client, workers, site)] == ["Linked"]
