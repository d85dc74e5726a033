"""An article's words as the index has them: every way in which the matcher may read a word of it is there.

Han, kana, Thai and their neighbours, which have no words to see, are overlapping pairs. Author, site and language carry a
sign in front. What the index tells is never less than what the matcher finds: more does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from monitor.model import Article
from monitor.rules.fold import Folded, fold
from monitor.rules.named_fields import host_of, in_ascii, primary
from monitor.rules.scripts.lookalikes import TO_LATIN
from monitor.rules.scripts.semitic import are_prefixes
from monitor.rules.words import ARABIC, CJK, HEBREW, UNSPACED
from monitor.store import search
from monitor.store.database import Store

AUTHOR, SITE, HOST, LANG = "\ue002a", "\ue002s", "\ue002h", "\ue002l"
_SIGNS = str.maketrans({"\x00": " ", "\x01": "\ue000", "\x02": "\ue001"})  # the text form's own; FTS5 would part words at them
_RUNS = re.compile(f"[{CJK}]+|[{UNSPACED}]+|[^{CJK}{UNSPACED}]+")
_UNBROKEN = re.compile(f"[{CJK}{UNSPACED}]")
_SEMITIC = re.compile(f"(?P<arabic>[{ARABIC}])|[{HEBREW}]")
_LOOK_ALIKE = re.compile(f"[{''.join(TO_LATIN)}]")
_SEPARATORS = re.compile(r"[^0-9a-z\x80-\U0010ffff]")  # of which FTS5's tokenizer would make several words
_MOST_PREFIXES = 6  # letters in front of an Arabic or Hebrew word that may belong to prefixes
_MOST_CUTS = 8  # places in one word at which it may end or begin


def words_of(article: Article) -> set[str]:
    """All words of an article that a query may ask the index for."""
    found = text_words(article.title) | text_words(article.body)
    of_url = host_of(article.url)
    for sign, text in ((AUTHOR, article.author), (SITE, article.site), (SITE, of_url)):
        if text:
            found |= _field_words(sign, text)
    for host in {of_url, (article.site or "").strip().lower()}:
        found |= _host_words(host)
    if article.language:
        found.add(marked(LANG, primary(article.language)))
    return found


@lru_cache(maxsize=4096)  # a site's articles share its name and host, often their authors
def _field_words(sign: str, text: str) -> frozenset[str]:
    return frozenset(sign + word for word in text_words(text))


@lru_cache(maxsize=4096)
def _host_words(host: str) -> frozenset[str]:
    labels = in_ascii(host).split(".") if "." in host and " " not in host else []
    return frozenset(marked(HOST, ".".join(labels[first:])) for first in range(len(labels)))


def marked(sign: str, text: str) -> str:
    """A field's value that is no running text, as one word."""
    return sign + _SEPARATORS.sub("\ue003", text)


def words_of_row(row: dict[str, Any]) -> set[str]:
    """The same for a row of the articles' table."""
    return words_of(
        Article(
            title=row.get("title") or "",
            body=row.get("body") or "",
            author=row.get("author"),
            site=row.get("site"),
            url=row.get("url"),
            language=row.get("language"),
        )
    )


Indexer = Callable[[dict[str, Any]], set[str]]


def text_words(text: str) -> set[str]:
    return _words(fold(text)) if text else set()


def _words(folded: Folded) -> set[str]:
    found = set(folded.scan.translate(_SIGNS).split(" "))
    if not folded.scan.isascii():
        for word in [word for word in found if not word.isascii()]:
            found.update(forms(word))
    if folded.soft_units:
        found.update(_cut(folded))
    found.discard("")
    return found


def forms(word: str) -> Iterator[str]:
    """A word, or its pairs; and without letters that Arabic and Hebrew write in front of it."""
    for run in _RUNS.findall(word) if _UNBROKEN.search(word) else (word,):
        if _UNBROKEN.match(run):
            yield from (run[at : at + 2] for at in range(len(run)))
            continue
        yield run
        semitic = _SEMITIC.search(run)
        if semitic is not None:
            group = semitic.lastgroup or "hebrew"
            for at in range(1, min(_MOST_PREFIXES, len(run) - 1) + 1):
                if are_prefixes(group, run[:at]):
                    yield run[at:]


def _cut(folded: Folded) -> Iterator[str]:
    """Words that end or begin inside others: at a soft hyphen, a zero-width space, a ™."""
    words = folded.words
    if len(folded.scan) > len(words) and _LOOK_ALIKE.search(words):
        yield search.ALWAYS  # look-alikes are read in texts of their own, whose soft places are not looked up here
        return
    places = {folded.place(at) for start, end, _ in folded.soft_units for at in (start, end)}
    inside: dict[tuple[int, int], list[int]] = {}
    for place in places:
        if 0 < place < len(words) - 1:
            begin, end = words.rfind(" ", 0, place) + 1, words.find(" ", place)
            if begin < place < end:
                inside.setdefault((begin, end), []).append(place)
    for (begin, end), cuts in inside.items():
        if len(cuts) > _MOST_CUTS:
            yield search.ALWAYS
            return
        at = sorted({begin, end, *cuts})
        for first in range(len(at) - 1):
            for last in at[first + 1 :]:
                yield from forms(words[at[first] : last].translate(_SIGNS))


async def index_missing(store: Store, limit: int = 200) -> int:
    """Indexes some settled texts that are in no index; answers how many. Without them search would miss in silence."""
    rows = await store.read(search.unindexed, limit)
    if rows:
        documents = [
            (row.id, search.came_at(row.first_seen_at, row.published_at, row.news), words_of_row(dict(row._mapping))) for row in rows
        ]
        await store.write(_put, documents)
    return len(rows)


def _put(conn: sa.Connection, now: float, documents: list[tuple[int, float, set[str]]]) -> None:
    search.put(conn, documents)
