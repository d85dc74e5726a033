"""What terms mean in fields that are no running text: site: lang: url: feed: tag: (decision 24)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.model import Article
from monitor.rules.matcher import Matcher
from monitor.rules.places import Hit, Place
from monitor.rules.tree import Term
from monitor.rules.wake import Wake, key

if TYPE_CHECKING:
    from monitor.rules.article import View

TEXT_FIELDS = ("title", "body", "lead")

_DOMAIN = re.compile(r"(?=[^.]*\.)\.?[^\s.]+(?:\.[^\s.]+)*\.?")


def host_of(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""


def in_ascii(host: str) -> str:
    """An internationalised host name as the name system has it: xn--…"""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def primary(language: str) -> str:
    """The primary subtag: en of en-GB."""
    return language.strip().lower().replace("_", "-").split("-")[0]


def is_domain(term: Term) -> bool:
    return _DOMAIN.fullmatch(term.text) is not None


def under(host: str, domain: str) -> bool:
    """Whether a host is the domain or a subdomain of it."""
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def domain_of(term: Term) -> str:
    """A domain as it is compared: lower case, internationalised names in ASCII, "www." and a leading dot left out."""
    return in_ascii(term.text.strip().strip(".").lower().removeprefix("www."))


def found_in_url(url: str, term: Term) -> Iterator[tuple[int, int]]:
    """Places of a substring in a URL, case aside unless the term is exact; in the decoded URL as the whole URL."""
    wanted = term.text.removesuffix("*")  # a substring goes on as it likes
    text, wanted = (url, wanted) if term.exact else (url.lower(), wanted.lower())
    if len(text) != len(url):
        text = url
    start = text.find(wanted)
    if start < 0 and not wanted.isascii() and wanted in unquote(text):
        yield 0, len(url)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + 1)


# -- terms by field: the hits in a field's view, which holds that field's parts ---------------------------------------


def _site(view: View, term: Term, matcher: Matcher) -> list[Hit]:
    named = [part for part in view.parts if part.name == "site"]
    if not is_domain(term):
        return [Hit(part, place, term.text) for part in view.parts for place in part.places(matcher)]
    wanted = domain_of(term)
    hits = [Hit(part, _tail(part.text, wanted), term.text) for part in view.host() if under(in_ascii(part.text), wanted)]
    for part in named:
        if under(in_ascii(part.text.strip().lower()), wanted):
            hits.append(Hit(part, _tail(part.text, wanted), term.text))
    return hits


def _tail(text: str, wanted: str) -> Place:
    last = len(text.rstrip())
    return Place(0, 0, max(0, last - len(wanted)) if text.isascii() else 0, last)


def _lang(view: View, term: Term, matcher: Matcher) -> list[Hit]:
    wanted = primary(term.text)
    return [Hit(part, Place(0, 0, 0, len(part.text)), term.text) for part in view.parts if primary(part.text) == wanted]


def _url(view: View, term: Term, matcher: Matcher) -> list[Hit]:
    return [Hit(part, Place(0, 0, *span), term.text) for part in view.parts for span in found_in_url(part.text, term)]


def _feed(view: View, term: Term, matcher: Matcher) -> list[Hit]:
    hits: list[Hit] = []
    wanted = term.text.lower()
    for part, (_, url) in zip(view.parts, view.article.feeds, strict=True):
        if is_domain(term) and wanted in url.lower():
            hits.append(Hit(part, Place(0, 0, 0, len(part.text)), term.text))
        else:
            hits += [Hit(part, place, term.text) for place in part.places(matcher)]
    return hits


TERMS: dict[str, Callable[[View, Term, Matcher], list[Hit]]] = {"site": _site, "lang": _lang, "url": _url, "feed": _feed}


# -- waking ------------------------------------------------------------------------------------------------------------


def wake_of_term(field: str, term: Term, matcher: Matcher) -> Wake:
    """Keys of which an article has one if the term stands in that field of it."""
    if field == "lang":
        return frozenset((key("lang", primary(term.text)),))
    if field == "url" or not matcher.literal or (field == "feed" and is_domain(term)):
        return None
    return frozenset((key("site", f".{domain_of(term)}") if field == "site" and is_domain(term) else key(field, matcher.literal),))


def keys_of(article: Article) -> Iterator[str]:
    """The keys that an article's fields have, beside those of literals found in them."""
    if article.language:
        yield key("lang", primary(article.language))
    for host in (host_of(article.url), (article.site or "").strip().lower()):
        labels = in_ascii(host).split(".") if "." in host else []
        for first in range(len(labels)):
            yield key("site", f".{'.'.join(labels[first:])}")
