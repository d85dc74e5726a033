"""`feeds` resolved: bare URLs, feeds with keys, OPML files; each with its defaults, its name and its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from yarl import URL

from monitor.config.diagnose import Checker, about, first_key
from monitor.config.keys.base import keys_of
from monitor.config.keys.defaults import Defaults
from monitor.config.keys.feeds import FeedKeys
from monitor.config.managed import clash
from monitor.config.nodes import Mapping, Node, Scalar
from monitor.config.opml import Outline, read_opml
from monitor.config.problems import Place
from monitor.config.settings import PREFIX, Feed, feed_key

_OF_ONE = ("url", "name", "type", "select")  # keys that a file of many feeds can't share


@dataclass(slots=True)
class Feeds:
    """Gathers feeds; `files` are the OPML files that were read, `count` the feeds told of, faulty ones too."""

    checker: Checker
    defaults: Defaults
    files: dict[str, Path] = field(default_factory=dict)
    found: dict[str, tuple[Feed, Place]] = field(default_factory=dict)
    count: int = 0

    def add(self, node: Node, index: int) -> None:
        if isinstance(node, Scalar):
            self._bare(node, index)
        elif isinstance(node, Mapping):
            self._keyed(node, index)
        else:
            self.checker.report.error("shape", f"{node.kind} where a feed is expected", node.place, expected="a URL, {url: …} or {opml: …}")

    def _bare(self, node: Scalar, index: int) -> None:
        holder = Mapping(node.source, node.start, node.end)
        holder.items["url"], holder.keys["url"] = node, node
        self._keyed(holder, index)

    def _keyed(self, node: Mapping, index: int) -> None:
        owner = f"feed {_label(node) or index + 1}"
        self.count += "opml" not in node.items
        keys = self.checker.model(FeedKeys, node, about(FeedKeys, owner, "a feed"))
        if keys is None:
            return
        report = self.checker.report
        if (keys.url is None) == (keys.opml is None):
            both = "takes url or opml, not both" if keys.url is not None else "needs url or opml"
            report.error("missing-key", f"{owner} {both}", first_key(node), suggestion=None if keys.url else "add url:")
        elif keys.auth is not None and (keys.auth.basic is None) == (keys.auth.bearer is None):
            report.error("value", f"'auth' in {owner} takes one of basic and bearer", node.key_place("auth"))
        elif keys.select is not None and keys.type != "page":
            report.error("value", f"'select' in {owner} is for feeds of type page", node.key_place("select"), suggestion="add type: page")
        elif keys.url is not None:
            self._take(self._feed(keys, node, keys.url, keys.name, keys.tags), node.items["url"].place)
        elif wrong := next((key for key in _OF_ONE if key in node.items), None):
            advice = f"it takes: {', '.join(key for key in keys_of(FeedKeys) if key not in _OF_ONE)}"
            report.error("value", f"a file of feeds takes no '{wrong}'", node.key_place(wrong), expected=advice)
        else:
            self._opml(keys, node)

    def _opml(self, keys: FeedKeys, node: Mapping) -> None:
        written = node.items["opml"]
        path = written.source.path.parent / str(keys.opml)
        read = read_opml(path, str(Path(written.source.shown).parent / str(keys.opml)), written.place, self.checker.report)
        if read is None:
            return
        self.files[read.shown] = path
        self.count += len(read.outlines)
        for outline in read.outlines:
            tags = tuple(dict.fromkeys((*keys.tags, *outline.folders)))
            self._take(self._feed(keys, node, outline.url, outline.name, tags, outline), Place(read.shown, outline.line, 1), imported=True)

    def _feed(
        self, keys: FeedKeys, node: Mapping, url: str, name: str | None, tags: tuple[str, ...], outline: Outline | None = None
    ) -> Feed:
        given = keys.model_fields_set
        defaults = self.defaults
        return Feed(
            url=url,
            name=name or default_name(url),
            named=name is not None,
            tags=tags,
            interval=keys.interval if "interval" in given else defaults.interval,
            body=keys.body if "body" in given else defaults.body,
            backlog=keys.backlog if "backlog" in given else defaults.backlog,
            max_age=keys.max_age if "max_age" in given else defaults.max_age,
            type=keys.type,
            select=keys.select,
            auth=keys.auth,
            headers=keys.headers,
            cookie=keys.cookie,
            user_agent=keys.user_agent,
            proxy=keys.proxy,
            file=outline.file if outline else node.source.shown,
            line=outline.line if outline else node.line,
        )

    def _take(self, feed: Feed, place: Place, *, imported: bool = False) -> None:
        key = feed_key(feed.url)
        if key not in self.found:
            self.found[key] = (feed, place)
            return
        first, first_place = self.found[key]
        self.count -= 1
        if feed.file.startswith(PREFIX):
            clash(self.checker.report, f"the feed {feed.url}", place, first_place)
            return
        self.found[key] = (replace(first, tags=tuple(dict.fromkeys((*first.tags, *feed.tags)))), first_place)
        if not (imported and first_place.file == place.file):  # one feed in two folders of a file is how readers export
            self.checker.report.warn(
                "duplicate-feed",
                f"the feed {feed.url} stands twice",
                place,
                expected=f"the first counts, with the tags of both: {first_place}",
            )

    def done(self) -> tuple[Feed, ...]:
        """All feeds; names that were made from URLs are made unique, given ones that are equal are told."""
        places: dict[str, Place] = {}
        for feed, place in self.found.values():
            if feed.named and feed.name in places and place.file == feed.file:
                self.checker.report.warn(
                    "duplicate-name", f"two feeds are called {feed.name}", place, expected=f"the first is at {places[feed.name]}"
                )
            if feed.named:
                places.setdefault(feed.name, place)
        taken = set(places)
        feeds: list[Feed] = []
        for feed, _ in self.found.values():
            if not feed.named:
                feed = replace(feed, name=_free(feed.name, taken))
                taken.add(feed.name)
            feeds.append(feed)
        return tuple(feeds)


def _label(node: Mapping) -> str | None:
    for key in ("name", "url", "opml"):
        item = node.items.get(key)
        if isinstance(item, Scalar) and not item.null and item.text and "${" not in item.text:
            return f"'{item.text[:100]}'"
    return None


def default_name(url: str) -> str:
    """What a feed is called that was given no name: its address without scheme, `www.` and slashes."""
    try:
        parsed = URL(url)
        host, path, query = parsed.host or "", parsed.path, parsed.query_string
    except ValueError:
        host, path, query = url, "", ""
    words = [host.removeprefix("www."), *(part for part in path.split("/") if part)]
    if query and "token" not in query.lower() and "key" not in query.lower():
        words.append(query)
    text = " ".join("".join(char if char.isprintable() and char != "/" else " " for char in word) for word in words)
    return " ".join(text.split())[:90] or "feed"


def _free(name: str, taken: set[str]) -> str:
    number = 2
    candidate = name
    while candidate in taken:
        candidate = f"{name} {number}"
        number += 1
    return candidate
