"""Why an article did, or did not, alert: the whole way of a URL, step by step, each with its evidence and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.articles import normalize_url
from monitor.net import host_key
from monitor.pipeline.explaining import rules as ruling
from monitor.pipeline.explaining import sending
from monitor.pipeline.explaining.steps import Explanation, Step, clock, counted, lasting
from monitor.pipeline.explaining.unknown import Lister, unknown_steps
from monitor.store import explaining, sql
from monitor.store.database import Store

if TYPE_CHECKING:
    from monitor.rules.glance import Glance

PAGE_CODES = {
    "forbidden-address": "the address is private: name its range under 'network.allow' if it is meant to be read",
    "robots": "the site's robots.txt forbids the page; the feed's own text was matched",
    "page-failed": "the page could not be had; the feed's own text is matched in its place",
    "page-thin": "the page holds too little text; the feed's own text was matched",
    "paywall": "the page shows its text to subscribers alone; the feed's own text was matched",
    "not-html": "what the link leads to is no web page; the feed's own text was matched",
}


@dataclass(frozen=True)
class Knowledge:
    """What is known beside the store: the rules as they are configured now, and the zone that people read times in."""

    queries: Mapping[str, Any] = field(default_factory=dict)  # rule name -> parsed query
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @cached_property
    def glance(self) -> Glance:
        """The rules' words, compiled for a first look at which of them are worth a second."""
        from monitor.rules.glance import Glance

        return Glance(self.queries)


async def explain(store: Store, url: str, known: Knowledge, *, rule: str | None = None, listed: Lister | None = None) -> Explanation:
    """The way of `url`; of one rule alone where `rule` is named. `listed` asks a feed what it holds now."""
    normalized = _normalized(url)
    host = host_key(url)
    found = await store.read(explaining.trail, url, sql.digest(normalized), host)
    answer = Explanation(url)
    if found.article is None:
        await unknown_steps(answer, found, normalized, listed, known.zone)
        return answer
    if not _entry_steps(answer, found, known):
        return answer
    if not _page_steps(answer, found, known):
        return answer
    matched = ruling.rule_steps(answer, found, known, rule)
    if matched:
        answer.only_matched()
        sending.sending_steps(answer, found, matched, known.zone)
    else:
        answer.add(Step("alert", "not-reached", "no rule matched"), Step("delivery", "not-reached", "nothing to deliver"))
    return answer


def _normalized(url: str) -> str:
    try:
        return normalize_url(url)
    except ValueError:
        return url


# -- feed and entry ----------------------------------------------------------------------------------------------------
def _entry_steps(answer: Explanation, found: explaining.Trail, known: Knowledge) -> bool:
    """The feed and the entry; False where the way ends there."""
    news = [entry for entry in found.entries if entry.kind == "new"]
    shown = (news or list(found.entries))[0]
    every = f"every {lasting(shown.interval)}" if shown.interval else "learnt interval"
    last = f"last {clock(shown.last_poll_at, known.zone)}: {shown.last_status or 'no answer'}"
    if shown.last_status == 304:
        last += ", unchanged"
    elif shown.last_total is not None:
        last += f", {shown.last_new or 0} new of {shown.last_total}"
    answer.add(
        Step(
            "feed",
            "ok",
            f"{every}, {last}" if shown.configured else "taken out of the configuration since",
            name=shown.name,
            at=shown.last_poll_at,
        )
    )
    if found.article.duplicate_of is not None:
        first = found.duplicate_of or "an article that is no longer stored"
        answer.add(
            Step(
                "entry",
                "no",
                f"the same page as {first}",
                code="duplicate",
                at=shown.seen_at,
                name=shown.guid,
                remedy=f"monitor explain {first}",
            )
        )
    elif not news:
        answer.add(
            Step(
                "entry",
                "no",
                "was in the feed when it was first polled, or dated long before: backlog raises no alert",
                code="backlog",
                name=shown.guid,
                at=shown.seen_at,
                remedy="'backlog: alert' for a feed, or 'monitor rules test' to try rules on it",
            )
        )
    else:
        others = len(found.entries) - 1
        answer.add(
            Step(
                "entry",
                "ok",
                f"guid {shown.guid}" + (f"; in {counted(others, 'more feed')}" if others > 0 else ""),
                name=shown.guid,
                at=shown.seen_at,
            )
        )
        return True
    if found.article.text_state == "page" and found.article.duplicate_of is None:  # of a feed whose backlog is read
        _read_steps(answer, found)
    else:
        answer.skip("page", "extraction")
    answer.skip("story", "rule", "alert", "delivery")
    return False


# -- page and extraction -----------------------------------------------------------------------------------------------
def _page_steps(answer: Explanation, found: explaining.Trail, known: Knowledge) -> bool:
    article = found.article
    if article.text_state == "waiting":
        if article.tries or article.why_text:
            tried = f"tried {counted(article.tries, 'time')}, again" if article.tries else "it is asked"
            answer.add(
                Step(
                    "page",
                    "waiting",
                    f"{article.why_text}; {tried} at {clock(article.due_at, known.zone)}",
                    code="page-failed",
                    remedy="it is tried again by itself; then the feed's text is matched",
                )
            )
        else:
            answer.add(Step("page", "waiting", "is about to be read", code="not-read-yet", remedy="ask again in a moment"))
        answer.skip("extraction", "story", "rule", "alert", "delivery")
        return False
    if article.why == "retention":
        answer.add(Step("page", "ok", "was read", at=article.fetched_at))
        answer.add(
            Step(
                "extraction",
                "no",
                article.why_text or "its text is no longer kept",
                code="retention",
                remedy="keep texts longer: 'retention'",
            )
        )
    elif article.why in PAGE_CODES:
        answer.add(
            Step("page", "no", article.why_text or article.why, code=article.why, at=article.matched_at, remedy=PAGE_CODES[article.why])
        )
        answer.add(Step("extraction", "no", f"the feed's own text, {len(article.body):,} characters, was matched instead"))
    elif article.text_state == "feed-text":
        answer.add(Step("page", "ok", article.why_text or "the feed's own text is wanted"))
        answer.add(Step("extraction", "ok", f"the feed's own text, {len(article.body):,} characters"))
    else:
        _read_steps(answer, found)
    articles = found.story.articles if found.story is not None else 1
    answer.add(
        Step(
            "story",
            "ok",
            counted(articles, "article"),
            at=found.story.created_at if found.story is not None else None,
        )
    )
    return True


def _read_steps(answer: Explanation, found: explaining.Trail) -> None:
    article, page = found.article, found.page
    size = f"{page.status}, {(page.bytes or 0) / 1000:.0f} kB in {page.took or 0:.1f} s" if page is not None and page.status else "read"
    cut = f"; {counted(page.cut_lines, 'line')} of site furniture cut" if page is not None and page.cut_lines else ""
    cut += "".join(f"; {warning}" for warning in (sql.load(page.warnings) if page is not None else []))
    text = f"{article.language or 'language unknown'}, {len(article.body):,} characters{cut}"
    answer.add(Step("page", "ok", size, at=article.fetched_at), Step("extraction", "ok", text, at=article.fetched_at))
