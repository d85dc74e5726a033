"""The steps of an explanation of a URL that was never seen: what the site's feeds say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from monitor.pipeline.explaining.steps import Explanation, Step, clock
from monitor.pipeline.remedies import remedy
from monitor.store import explaining, sql

_FEED_FIRST = {"paused": "feed-paused", "ended": "feed-ended", "failing": "feed-failing", "quarantined": "feed-failing"}

Lister = Callable[[Any], Any]  # async (feed row) -> set of article keys it lists now, or the error's text


async def unknown_steps(answer: Explanation, found: explaining.Trail, normalized: str, listed: Lister | None, zone: ZoneInfo) -> None:
    """What the site's feeds say of it, as they stand in the store and as they are now."""
    live = [feed for feed in found.site_feeds if feed.configured]
    if not live:
        if found.site_feeds:
            gone = found.site_feeds[0]
            answer.add(
                Step(
                    "feed",
                    "no",
                    f"{gone.name} was taken out of the configuration",
                    code="feed-removed",
                    name=gone.name,
                    remedy="put it back under 'feeds', or 'monitor feeds add'",
                )
            )
        else:
            answer.add(
                Step(
                    "feed",
                    "no",
                    "no feed of this site is watched",
                    code="unknown-site",
                    remedy="'monitor feeds discover URL' finds the site's feeds; 'monitor feeds add' watches one",
                )
            )
        answer.skip("entry", "page", "extraction", "story", "rule", "alert", "delivery")
        return
    key, errors = sql.digest(normalized), []
    for feed in live[:5]:
        if listed is None:
            break
        keys = await listed(feed)
        if isinstance(keys, str):
            errors.append((feed, keys))
        elif key in keys:
            _listed(answer, feed, zone)
            return
    _not_listed(answer, live, errors, zone)


def _listed(answer: Explanation, feed: Any, zone: ZoneInfo) -> None:
    code = "feed-paused" if feed.paused_at is not None else _FEED_FIRST.get(feed.state, "not-polled-yet")
    text = {
        "feed-paused": "lists it now, and is paused",
        "feed-ended": "lists it now, and counts as ended",
        "feed-failing": f"lists it now; its last polls failed: {feed.error_text}",
        "not-polled-yet": f"lists it now; next poll {clock(feed.due_at, zone)}",
    }[code]
    fix = {"feed-paused": "monitor feeds resume", "feed-ended": "monitor feeds resume"}.get(code, "'monitor feeds poll' asks it now")
    answer.add(
        Step("feed", "waiting" if code == "not-polled-yet" else "no", text, code=code, name=feed.name, at=feed.last_poll_at, remedy=fix)
    )
    answer.skip("entry", "page", "extraction", "story", "rule", "alert", "delivery")


def _not_listed(answer: Explanation, live: list[Any], errors: list[tuple[Any, str]], zone: ZoneInfo) -> None:
    feed = live[0]
    rolled = next((one for one in live if one.rolled_over_at is not None), None)
    if rolled is not None:
        step = Step(
            "feed",
            "no",
            f"no known entry was left when it was polled at {clock(rolled.rolled_over_at, zone)}: some before may be lost",
            code="rolled-over",
            name=rolled.name,
            at=rolled.rolled_over_at,
            remedy="poll it more often: a shorter interval",
        )
    elif feed.paused_at is not None:
        step = Step("feed", "no", "is paused", code="feed-paused", name=feed.name, at=feed.paused_at, remedy="monitor feeds resume")
    elif feed.state in _FEED_FIRST:
        step = Step(
            "feed",
            "no",
            f"{feed.state}: {feed.error_text}",
            code=_FEED_FIRST[feed.state],
            name=feed.name,
            at=feed.last_poll_at,
            remedy=remedy(feed.error_code, feed.last_status),
        )
    elif errors:
        step = Step(
            "feed", "no", f"could not be asked now: {errors[0][1]}", code="feed-failing", name=errors[0][0].name, remedy="ask again later"
        )
    elif feed.last_good_at is None:
        step = Step(
            "feed", "waiting", "has not been polled yet", code="not-polled-yet", name=feed.name, remedy="'monitor feeds poll' asks it now"
        )
    else:
        step = Step(
            "feed",
            "no",
            f"the site's feeds don't list it; last poll {clock(feed.last_poll_at, zone)}",
            code="not-in-feed",
            name=feed.name,
            at=feed.last_poll_at,
            remedy="the site may have another feed that does: 'monitor feeds discover URL'",
        )
    answer.add(step)
    answer.skip("entry", "page", "extraction", "story", "rule", "alert", "delivery")
