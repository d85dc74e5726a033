"""Articles on several pages: which page goes on with the same article, and what they are as one text.

`rel=next` (https://html.spec.whatwg.org/multipage/links.html#link-type-next) also leads to the next article of a blog or
of a section. So only an address counts that differs from the page's own by a page number, one higher.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.articles.text import flat
from monitor.model import PageText

MOST_PARTS = 10
_WORDS = r"(?:page|pages|pg|pn|pageno|pagenum|pagenumber|page_?n|p|part|pagina|página|seite|sida|side|strana|str|start|page_id)"
# What stands where the two addresses differ: a sign, perhaps a word for a page, the number.
_FIRST = re.compile(rf"^[/?&;_.,=+-]*(?:{_WORDS}[/=_.-]?)?(?P<number>\d{{1,2}})$", re.IGNORECASE)
_NAMED = re.compile(rf"^[/?&;_.,=+-]*{_WORDS}[/=_.-]?\d{{1,2}}$", re.IGNORECASE)


def is_next(here: str, there: str) -> bool:
    """Whether `there` is by its address the page after `here` of one article: the same but for a page number, one higher."""
    try:
        ours, theirs = urlsplit(here), urlsplit(there)
    except ValueError:
        return False
    if ours.scheme not in ("http", "https") or theirs.scheme not in ("http", "https") or ours.netloc.lower() != theirs.netloc.lower():
        return False
    before, after = _differing(_tail(ours.path, ours.query), _tail(theirs.path, theirs.query))
    found = _FIRST.match(after)
    if found is None:
        return False
    number = int(found["number"])
    if before.isdigit():  # /story/2 and /story/3
        return after.isdigit() and len(before) <= 2 and number == int(before) + 1
    if before:
        return False
    return number == 2 or (number == 1 and _NAMED.match(after) is not None)  # some count from 0


def _tail(path: str, query: str) -> str:
    path = path.rstrip("/")
    return f"{path}?{query}" if query else path


def _differing(ours: str, theirs: str) -> tuple[str, str]:
    """The parts of two addresses that differ; numbers are taken whole."""
    start = next((place for place, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    if ours[start : start + 1].isdigit() or theirs[start : start + 1].isdigit():
        while start and ours[start - 1].isdigit():
            start -= 1
    shortest = min(len(ours), len(theirs)) - start
    end = 0
    while end < shortest and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    if ours[len(ours) - end - 1 : len(ours) - end].isdigit() or theirs[len(theirs) - end - 1 : len(theirs) - end].isdigit():
        while end and ours[len(ours) - end].isdigit():
            end -= 1
    return ours[start : len(ours) - end], theirs[start : len(theirs) - end]


def joined(parts: Sequence[PageText], unread: str | None = None) -> PageText:
    """One article of its pages in order, with the facts of the first. What a page repeats of those before it stands once.

    `unread` says why further pages are not among them.
    """
    first = parts[0]
    lines: list[str] = []
    furniture: list[str] = []
    for part in parts:
        known = set(map(flat, lines))
        lines += [line for line in part.body.split("\n") if line and not (flat(line) and flat(line) in known)]
        furniture += part.furniture.split("\n")
    warnings = [warning for part in parts for warning in part.warnings]
    if len(parts) > 1:
        warnings.append(f"{len(parts)} pages joined")
    if unread:
        warnings.append(unread)
    kept = set(lines)
    cut = [line for line in dict.fromkeys(furniture) if line and line not in kept]
    return replace(
        first,
        body="\n".join(lines),
        furniture="\n".join(cut),
        cut_lines=len(cut) if len(parts) > 1 else first.cut_lines,
        warnings=tuple(dict.fromkeys(warnings)),
        next_url=None,
    )
