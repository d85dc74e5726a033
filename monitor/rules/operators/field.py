"""title: body: lead: author: site: feed: tag: lang: url: — a term, or a group of them, in one field (decisions 9 and 24)."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules.article import View, host_of
from monitor.rules.operators.base import Builder, Operator, Wake
from monitor.rules.places import Hit, Place
from monitor.rules.tree import Field, Term

_TEXT = ("title", "body", "lead")


class FieldOf(Operator):
    def __init__(self, node: Field, builder: Builder) -> None:
        super().__init__(node, builder)
        self.name = node.name
        self.special = node.part if isinstance(node.part, Term) else None
        self.part = builder.build(node.part)

    def evaluate(self, view: View) -> Sequence[Hit] | None:
        inside = view.field(self.name)
        found = self.part.evaluate(inside)
        if self.special is None or self.name in _TEXT:
            return found
        test = _TESTS.get(self.name)
        more = test(inside, self.special) if test else []
        return [*(found or ()), *more] if found or more else None

    def wake(self) -> Wake | None:
        return self.part.wake() if self.name in _TEXT else None


def _site(view: View, term: Term) -> list[Hit]:
    wanted = term.text.lower().strip(".")
    if "." not in wanted:
        return []
    hits: list[Hit] = []
    host = host_of(view.article.url)
    for part in view.host():
        if host == wanted or host.endswith("." + wanted):
            hits.append(Hit(part, Place(0, 0, len(host) - len(wanted), len(host)), term.text))
    site = (view.article.site or "").lower()
    if site == wanted or site.endswith("." + wanted):
        hits += [Hit(part, Place(0, 0, len(site) - len(wanted), len(site)), term.text) for part in view.parts if part.name == "site"]
    return hits


def _lang(view: View, term: Term) -> list[Hit]:
    wanted = _primary(term.text)
    return [Hit(part, Place(0, 0, 0, len(part.text)), term.text) for part in view.parts if _primary(part.text) == wanted]


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0].strip()


def _url(view: View, term: Term) -> list[Hit]:
    hits: list[Hit] = []
    for part in view.parts:
        text, wanted = (part.text, term.text) if term.exact else (part.text.lower(), term.text.lower())
        start = text.find(wanted)
        while start >= 0:
            hits.append(Hit(part, Place(0, 0, start, start + len(wanted)), term.text))
            start = text.find(wanted, start + 1)
    return hits


def _feed(view: View, term: Term) -> list[Hit]:
    wanted = term.text.lower()
    if "." not in wanted:
        return []
    return [
        Hit(part, Place(0, 0, 0, len(part.text)), term.text)
        for part, (_, url) in zip(view.parts, view.article.feeds, strict=True)
        if wanted in url.lower()
    ]


_TESTS = {"site": _site, "lang": _lang, "url": _url, "feed": _feed}
