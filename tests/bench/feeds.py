"""What reading a feed costs: ours beside `feedparser.parse` as it comes, on the same documents in the same run.

`$MONITOR_BENCH_FEEDS` names a folder of captured feeds (gzipped or not); without it the documents are generated.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

ROUNDS = 5
_TEXT = "the council approved sanctions exemptions for aid groups after talks with envoys in Seoul on Tuesday, it’s said 제재 면제"
_WORDS = _TEXT.split()


def generated(count: int = 60) -> list[bytes]:
    """RSS and Atom in turn, of ten to forty entries, each with a teaser and some paragraphs of markup: 60 KB on average."""
    source = random.Random(1)
    return [_document(number, source) for number in range(count)]


def _document(number: int, source: random.Random) -> bytes:
    entries = "".join(_entry(number, item, source) for item in range(source.choice((10, 10, 15, 20, 40))))
    if number % 3:
        head = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {head}><channel><title>F</title>{entries}</channel></rss>'.encode()
        )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entries}</feed>'.encode()


def _entry(number: int, item: int, source: random.Random) -> str:
    def prose(count: int) -> str:
        return " ".join(source.choices(_WORDS, k=count))

    link, title = f"https://news.example.org/{number}/{item}?a=1&amp;b=2", prose(9)
    teaser = escape(f"<p>{prose(40)}</p>")
    body = "".join(
        f'<p class="text">{prose(30)} <a href="https://example.org/{n}">{prose(3)}</a> <em>{prose(4)}</em></p>\n' for n in range(12)
    )
    if number % 3:
        return (
            f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{number}-{item}</guid>"
            f"<dc:creator>A. Reporter</dc:creator>"
            f"<pubDate>Tue, 03 Mar 2026 {item % 24:02}:00:00 +0900</pubDate><category>News</category><description>{teaser}</description>"
            f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )
    return (
        f"<entry><title>{title}</title><link rel='alternate' href='{link}'/><id>tag:{number},{item}</id>"
        f"<author><name>A. Reporter</name></author>"
        f"<published>2026-03-03T{item % 24:02}:00:00Z</published><updated>2026-03-03T{item % 24:02}:30:00Z</updated>"
        f"<summary type='html'>{teaser}</summary><content type='html'>{escape(body)}</content></entry>"
    )


def captured(folder: Path) -> list[bytes]:
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in sorted(folder.iterdir())]


def _cost(read: Callable[[bytes], object], body: bytes, rounds: int) -> float:
    """Milliseconds of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time_ns()
        read(body)
        best = min(best, time.process_time_ns() - start)
    return best / 1e6


def run() -> dict[str, float | str]:
    """Milliseconds a feed, ours and feedparser's (median and mean), their ratio, and the share of feeds the strict reader is sure of."""
    import feedparser

    from monitor.feeds.parse import parse_feed
    from monitor.feeds.strict import parse_strict

    folder = os.environ.get("MONITOR_BENCH_FEEDS")
    bodies = captured(Path(folder)) if folder else generated()
    ours, theirs = [], []
    for body in bodies:
        ours.append(_cost(lambda it: parse_feed(it, None), body, ROUNDS))
        theirs.append(_cost(lambda it: feedparser.parse(io.BytesIO(it)), body, 2))
    sure = sum(parse_strict(body, None) is not None for body in bodies)
    return {
        "feeds": f"{len(bodies)} {'captured' if folder else 'generated'}",
        "parse, ms median": round(statistics.median(ours), 3),
        "feedparser as it comes, ms median": round(statistics.median(theirs), 3),
        "parse, times less by the median": round(statistics.median(theirs) / statistics.median(ours), 1),
        "parse, ms mean": round(statistics.mean(ours), 3),
        "feedparser as it comes, ms mean": round(statistics.mean(theirs), 3),
        "strict reader sure of, %": round(100 * sure / len(bodies), 1),
    }
