"""From a site's address to its feeds: what its pages link, what is known of big hosts, and where feeds usually lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from monitor.errors import FetchError

from . import links
from .charset import decode
from .sniff import FeedLink, linked_feeds

if TYPE_CHECKING:
    from monitor.net.client import Client
    from monitor.workers import Workers

MOST = 15  # candidates; each is asked for afterwards
_PATHS = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds/posts/default", "feed.json")
_LESS = re.compile(r"comment|\breplies\b|/tag/|/author/|podcast|댓글", re.I)
_CHANNEL = re.compile(r"(?:channel_id=|\"(?:externalId|channelId)\":\"|itemprop=\"identifier\" content=\")(UC[\w-]{22})")
_FEED_ANCHOR = re.compile(r"<a\s[^<>]{0,500}?href\s*=\s*[\"']?([^\"'<>\s]{1,500})", re.I)
_FEED_LIKE = re.compile(
    r"(?:/(?:rss|feeds?|atom)(?:[/?._-]|$))|\.(?:rss|atom|rdf)(?:[?#]|$)|(?:rss|feed|atom)[\w-]*\.(?:xml|json)(?:[?#]|$)", re.I
)
_PERSON = re.compile(r"(@[\w.]{1,60})(?:@([\w-]+(?:\.[\w-]+)+))?")
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed. `why`: `linked`, `known-host`, `anchor`, `usual-path`, `robots`; `kind`: feed or sitemap."""

    url: str
    why: str
    title: str | None = None
    kind: str = "feed"


async def discover(client: Client, workers: Workers | None, url: str) -> list[Candidate]:
    """Addresses to try for the site at `url`, the likeliest first; not asked for yet, at most 15.

    Raises FetchError where the address itself does not answer and nothing is known of its host.
    """
    found = known_host(url)
    try:
        response = await client.get(url, headers={"Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"})
        page, base = decode(response.body[:2_000_000], response.headers.get("Content-Type"))[0], response.url
    except FetchError:
        if not found:
            raise
        page, base = "", url
    found += known_host(base) if base != url else []
    found += from_page(page, base)
    if not any(candidate.why in ("linked", "known-host") for candidate in found):
        found += usual_paths(base)
    found += await _sitemaps(client, base)
    return _unique(found)


def from_page(page: str, url: str) -> list[Candidate]:
    """Feeds that a page links, by link elements first, then by anchors that look like one; likely ones first."""
    linked = sorted(linked_feeds(page, url), key=_likelihood)
    found = [Candidate(link.url, "linked", link.title) for link in linked]
    channel = _CHANNEL.search(page) if _is_host(url, "youtube.com") else None
    if channel:
        found.append(Candidate(f"https://www.youtube.com/feeds/videos.xml?channel_id={channel[1]}", "known-host"))
    for anchor in _FEED_ANCHOR.findall(page[:1_000_000]):
        href = unescape(anchor)
        target = links.absolute(href, url) if _FEED_LIKE.search(href) else None
        if target and _same_site(target, url):
            found.append(Candidate(target, "anchor"))
    return found


def known_host(url: str) -> list[Candidate]:
    """Feeds of hosts whose addresses tell where they lie: YouTube, Reddit, Bluesky, Mastodon, GitHub, Medium, Substack, Tumblr."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path.rstrip("/")
    names = [quote(name, safe="@.-_~%:") for name in path.split("/") if name]
    if _is_host(url, "youtube.com"):
        return _youtube(names, parts.query)
    if _is_host(url, "reddit.com"):
        if "search" in names[:3] and parts.query:
            return [_known(f"https://www.reddit.com/{'/'.join(names)}.rss?{parts.query}")]
        wanted = names[:4] if names[2:3] == ["m"] else names[:2]
        return [_known(f"https://www.reddit.com/{'/'.join([*wanted, '.rss'])}")]
    if host == "bsky.app" and names[:1] == ["profile"] and len(names) > 1:
        return [_known(f"https://bsky.app/profile/{names[1]}/rss")]
    if host == "github.com" and len(names) >= 2:
        return [_known(f"https://github.com/{names[0]}/{names[1]}/{kind}.atom") for kind in ("releases", "commits", "tags")]
    if host == "medium.com" and names:
        return [_known(f"https://medium.com/feed/{names[0]}")]
    if host.endswith(".substack.com"):
        return [_known(f"https://{host}/feed")]
    if host.endswith(".tumblr.com"):
        return [_known(f"https://{host}/rss")]
    return _mastodon(f"{parts.scheme}://{parts.netloc}", names)


def _mastodon(site: str, names: list[str]) -> list[Candidate]:
    """Mastodon and its kin: a person, one of their posts, a person of another server, a tag."""
    person = _PERSON.fullmatch(names[0]) if names and (len(names) == 1 or (len(names) == 2 and names[1].isdigit())) else None
    if person:
        return [_known(f"https://{person[2]}/{person[1]}.rss" if person[2] else f"{site}/{person[1]}.rss")]
    if len(names) == 2 and names[0] == "tags":
        return [_known(f"{site}/tags/{names[1]}.rss")]
    return []


def _youtube(names: list[str], query: str) -> list[Candidate]:
    feed = "https://www.youtube.com/feeds/videos.xml"
    playlist = re.search(r"(?:^|&)list=([\w-]{10,60})", query)
    if playlist:
        return [_known(f"{feed}?playlist_id={playlist[1]}")]
    if names[:1] == ["channel"] and len(names) > 1:
        return [_known(f"{feed}?channel_id={names[1]}")]
    if names[:1] == ["user"] and len(names) > 1:
        return [_known(f"{feed}?user={names[1]}")]
    return []


def usual_paths(url: str) -> list[Candidate]:
    """Where programs put feeds: under the page's own folder, then under the site's root."""
    folder = url if urlsplit(url).path.endswith("/") else f"{url.split('?')[0].split('#')[0]}/"
    bases = [folder, urljoin(url, "/")]
    return [Candidate(urljoin(base, path), "usual-path") for base in dict.fromkeys(bases) for path in _PATHS]


def sitemaps_of(robots: str, url: str) -> list[Candidate]:
    """The sitemaps that a robots.txt names (sitemaps.org), those of news first."""
    named = [links.absolute(found, url) for found in _SITEMAP.findall(robots[:500_000])]
    ordered = sorted((link for link in named if link), key=lambda link: "news" not in link.lower())
    return [Candidate(link, "robots", kind="sitemap") for link in ordered]


async def _sitemaps(client: Client, url: str) -> list[Candidate]:
    try:
        response = await client.get(urljoin(url, "/robots.txt"), limit=500_000, deadline=10.0)
    except FetchError:
        return []
    return sitemaps_of(response.body.decode("utf-8", "replace"), response.url) if response.status == 200 else []


def _known(url: str) -> Candidate:
    return Candidate(url, "known-host")


def _likelihood(link: FeedLink) -> tuple[bool, int]:
    """Feeds of comments, tags and authors come after the site's own; then the shorter address first."""
    return bool(_LESS.search(f"{link.url} {link.title or ''}")), len(urlsplit(link.url).path)


def _is_host(url: str, domain: str) -> bool:
    host = (urlsplit(url).hostname or "").lower()
    return host == domain or host.endswith(f".{domain}")


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts share their last two labels: enough to leave out the feeds of advertisers and aggregators."""
    return (urlsplit(one).hostname or "").split(".")[-2:] == (urlsplit(other).hostname or "").split(".")[-2:]


def _unique(candidates: list[Candidate]) -> list[Candidate]:
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        kept.setdefault(candidate.url, candidate)
    feeds = [candidate for candidate in kept.values() if candidate.kind == "feed"]
    return feeds[: MOST - 3] + [candidate for candidate in kept.values() if candidate.kind != "feed"][:3]
