"""What reading a page costs: processor time of ours beside bare trafilatura on the same generated pages in the same run."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable

from tests.unit.articles.layouts import DECOYS, LAYOUTS, make_page, paragraph

ROUNDS = 3
PAGES = 40
# A real page is mostly scripts and styles, and has some hundred elements of furniture (175 KB, 800 elements on average).
_BALLAST = f"<script>{'var a={};' * 9_000}</script><style>{'.a{color:red}' * 4_000}</style>"
_FURNITURE = (
    "<div class='rail'>" + "".join(f"<div class='c{n}'><a href='/{n}'><span>Story {n}</span></a></div>" for n in range(150)) + "</div>"
)


def make_pages() -> list[bytes]:
    """Pages of every layout with the usual weight around them."""
    source = random.Random(1)
    layouts, decoys = list(LAYOUTS), list(DECOYS)
    made = []
    for number in range(PAGES):
        text = make_page(
            layouts[number % len(layouts)], decoy=decoys[number % len(decoys)], phrase="of note", seed=number, paragraphs=18
        ).decode()
        text = text.replace("</head>", f"{_BALLAST}</head>").replace("</body>", f"{_FURNITURE}<p>{paragraph(source)}</p></body>")
        made.append(text.encode())
    return made


def _cost(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Milliseconds of processor time a page, the best of the rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages:
            read(page)
        best = min(best, time.process_time() - start)
    return best / len(pages) * 1000


def run() -> dict[str, float | str]:
    """Milliseconds of processor time a page (ours with all facts, trafilatura with the text alone), and a sketch's microseconds."""
    import trafilatura

    from monitor.articles import read_page
    from monitor.articles.stories import sketch

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = make_pages()
    ours = _cost(lambda page: read_page(page, "https://harbour.example/news/bridge", "text/html"), pages)
    bare = _cost(trafilatura.bare_extraction, pages)
    bodies = [read_page(page, "https://harbour.example/news/bridge", "text/html").body for page in pages[:20]]
    sketching = _cost(lambda page: [sketch(body) for body in bodies], pages[:20]) / len(bodies)
    return {
        "page read, ms": round(ours, 2),
        "page read by bare trafilatura, ms": round(bare, 2),
        "page read, ratio to bare trafilatura": round(ours / bare, 2),
        "page size, kB": round(sum(map(len, pages)) / len(pages) / 1000),
        "story sketch, us": round(sketching * 1000),
        "story sketch, characters": round(sum(map(len, bodies)) / len(bodies)),
    }
