"""A real news site on loopback for tests: feeds, article pages, robots.txt, faults by path; it remembers every request."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from aiohttp import web
from multidict import CIMultiDict

from tests.support import pages
from tests.support.faults import Fault, commit
from tests.support.pages import Article

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Seen:
    """A request as it came; `at` is monotonic seconds."""

    method: str
    host: str
    path: str  # with the query string
    headers: Mapping[str, str]
    body: bytes
    at: float


class Feed:
    """A feed of the site. `publish` adds an article; `window` is how many of the newest the document shows."""

    def __init__(self, site: Site, name: str, kind: str, *, window: int = 20, title: str | None = None, language: str = "en") -> None:
        self.site, self.name, self.kind, self.window = site, name, kind, window
        self.title = title or f"{site.name}, {name}"
        self.language = language
        self.path = f"/feeds/{name}.{'json' if kind == 'json' else 'xml'}"
        self.articles: list[Article] = []
        self.conditional = True  # validators are sent and honoured
        self.headers: dict[str, str] = {}  # more headers of each answer
        self.modified = datetime.now(UTC)

    @property
    def url(self) -> str:
        return self.site.url + self.path

    def publish(
        self,
        title: str | None = None,
        paragraphs: Sequence[str] | str | None = None,
        *,
        path: str | None = None,
        url: str | None = None,
        guid: str | None = None,
        published: datetime | None = None,
        **details: object,
    ) -> Article:
        """Puts an article into the feed and, unless `url` leads elsewhere, its page onto the site; newest first.

        A string among `paragraphs`' place is put between paragraphs of harmless prose.
        """
        number = len(self.articles) + 1
        path = path or f"/{self.name}/story-{number}.html"
        if paragraphs is None or isinstance(paragraphs, str):
            around = pages.prose((self.name, number))
            paragraphs = around if paragraphs is None else [around[0], paragraphs, *around[1:]]
        article = Article(
            url=url or self.site.url + path,
            title=title or pages.prose((self.name, number, "title"), 1)[0].rstrip("."),
            paragraphs=paragraphs,
            guid=guid or f"tag:{self.name},2018:{number}",
            published=published or datetime.now(UTC),
            **{"language": self.language, **details},  # type: ignore[arg-type]
        )
        self.articles.insert(0, article)
        self.modified = datetime.now(UTC)
        if url is None:
            self.site.articles[path] = article
        return article

    def document(self) -> bytes:
        return pages.WRITERS[self.kind](self.title, f"{self.site.url}/{self.name}/", self.articles[: self.window], self.language)


class Site:
    """`async with Site() as site:` serves on 127.0.0.1 (and the further `hosts`, on the same port) until the end."""

    def __init__(self, *, name: str = "The Test Courier", hosts: Sequence[str] = ("127.0.0.1",)) -> None:
        self.name, self.hosts = name, tuple(hosts)
        self.port = 0
        self.feeds: dict[str, Feed] = {}
        self.articles: dict[str, Article] = {}
        self.handlers: dict[str, Handler] = {}
        self.faults: dict[str, Fault] = {}  # by path, or "*" for all; `HOST/*` for one host
        self.requests: list[Seen] = []
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.robots = "User-agent: *\nDisallow: /private/\n"
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        for host in self.hosts:
            listener = web.TCPSite(self._runner, host, self.port, backlog=1024)
            await listener.start()
            if not self.port:
                self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.heal()
        if self._runner is not None:
            await self._runner.cleanup()

    # -- what the site holds ------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://{self.hosts[0]}:{self.port}"

    def feed(self, name: str = "world", kind: str = "rss", *, entries: int = 0, **options: object) -> Feed:
        """The feed of this name, made at the first call with `entries` articles that no rule watches for."""
        if name not in self.feeds:
            self.feeds[name] = feed = Feed(self, name, kind, **options)  # type: ignore[arg-type]
            for _ in range(entries):
                feed.publish()
        return self.feeds[name]

    def put(
        self, path: str, body: bytes | str, *, content_type: str = "text/html", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> str:
        """A fixed answer at `path`; answers its URL."""
        data = body.encode() if isinstance(body, str) else body

        async def answer(request: web.Request) -> web.Response:
            return web.Response(body=data, status=status, headers={"Content-Type": content_type, **(headers or {})})

        return self.on(path, answer)

    def on(self, path: str, handler: Handler) -> str:
        """A handler of the test's own at `path`; answers its URL."""
        self.handlers[path] = handler
        return self.url + path

    # -- what it does wrong -------------------------------------------------------------------------------------------

    def fail(self, path: str = "*", kind: str = "status", **details: object) -> Fault:
        """From now on `path` ("*": everything) misbehaves; details are those of `Fault`."""
        self.faults[path] = fault = Fault(kind, **details)  # type: ignore[arg-type]
        return fault

    def heal(self, path: str | None = None) -> None:
        """Ends the fault of `path`, or all; requests that hang go on."""
        for key in [path] if path is not None else list(self.faults):
            self.faults.pop(key).healed.set()

    # -- what it saw --------------------------------------------------------------------------------------------------

    def seen(self, path: str) -> list[Seen]:
        """The requests for `path` (without the query string, unless `path` has one), oldest first."""
        return [r for r in self.requests if r.path == path or r.path.partition("?")[0] == path]

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.requests.append(Seen(request.method, request.host, request.path_qs, request.headers.copy(), body, time.monotonic()))
        host = request.host.rpartition(":")[0]
        self.at_once[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self.at_once[host])
        try:
            if (fault := self._fault(host, request.path)) and (answer := await commit(request, fault)) is not None:
                return answer
            return await self._answer(request)
        finally:
            self.at_once[host] -= 1

    def _fault(self, host: str, path: str) -> Fault | None:
        for key in (path, f"{host}/*", "*"):
            if (fault := self.faults.get(key)) is not None:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        del self.faults[key]
                return fault
        return None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if (handler := self.handlers.get(path)) is not None:
            return await handler(request)
        if (feed := next((f for f in self.feeds.values() if f.path == path), None)) is not None:
            return self._answer_feed(request, feed)
        if (article := self.articles.get(path)) is not None:
            return web.Response(body=pages.page(article, self.name), content_type="text/html", charset="utf-8")
        if path == "/robots.txt":
            return web.Response(text=self.robots)
        return web.Response(status=404, text="not here")

    def _answer_feed(self, request: web.Request, feed: Feed) -> web.Response:
        body = feed.document()
        headers = CIMultiDict(feed.headers)
        if feed.conditional:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers.update({"ETag": etag, "Last-Modified": format_datetime(feed.modified, usegmt=True)})
            if request.headers.get("If-None-Match") == etag:
                return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, headers=headers, content_type=pages.CONTENT_TYPES[feed.kind], charset="utf-8")


async def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port
