"""What a person may do about mutes: see beforehand what one would keep back, add one, end one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.alerts.message import plural
from monitor.errors import QueryError, StoreError
from monitor.pipeline.holding import as_policy, matcher, view_of_past
from monitor.rules import Entities
from monitor.store import mutes
from monitor.store.database import Store

DAY = 86_400.0
LONG = 7 * DAY  # from which on a reason is required
BACK = 7 * DAY  # over which past alerts are counted
REASON = 1000  # characters
_PAGE = 500


async def add(
    store: Store, scope: Mapping[str, str | None], until: float | None, reason: str, actor: str, entities: Entities | None = None
) -> dict[str, Any]:
    """Adds a mute until a moment (None: for ever). Answers its id and how many alerts of the last 7 days it would have kept back.

    Raises StoreError for a scope that names nothing, or something that is not there, and where a reason is needed.
    """
    wanted = await checked(store, scope, entities)
    now = store.clock()
    if until is not None and until <= now:
        raise StoreError("the mute would end before it begins", remedy="give a time to come: --until 8h")
    if not reason.strip() and (until is None or until - now >= LONG - 60):
        raise StoreError("a mute of 7 days or more needs a reason", remedy="say why: --reason TEXT")
    if len(reason) > REASON:
        raise StoreError("the reason is too long", remedy=f"at most {REASON:,} characters")
    counted = await count(store, wanted, entities)
    uid = await store.write(mutes.add, wanted, until, reason.strip(), actor)
    return {"id": uid, "scope": wanted, "would_have_muted": counted, "text": would_have(counted)}


def would_have(count: int) -> str:
    return f"would have muted {plural(count, 'alert')} in the last 7 days"


async def checked(store: Store, scope: Mapping[str, str | None], entities: Entities | None) -> dict[str, str]:
    """The scope as it is stored. Raises StoreError where it names nothing, or what is not there."""
    wanted = {key: value.strip() for key, value in scope.items() if value is not None and value.strip()}
    if unknown := [key for key in wanted if key not in mutes.SCOPES]:
        raise StoreError(f"a mute has no '{unknown[0]}'", remedy=f"one of: {', '.join(mutes.SCOPES)}")
    if not wanted:
        raise StoreError("the mute names nothing", remedy="name a rule, a site, a feed, a story, or a query")
    if "query" in wanted:
        from monitor.rules import parse  # the grammar is loaded with the first query that is read

        try:
            parse(wanted["query"], entities)
        except QueryError as error:
            raise StoreError(
                f"in the query: {error.text}", remedy=error.suggestion or "see the guide's page on the query language"
            ) from error
    missing = await store.read(mutes.missing, wanted)
    if missing is not None:
        raise StoreError(f"there is no {missing} '{wanted[missing]}'", remedy=f"see 'monitor {_LISTS[missing]} list'")
    return wanted


_LISTS = {"rule": "rules", "feed": "feeds", "story": "alerts"}


async def count(store: Store, scope: Mapping[str, str], entities: Entities | None) -> int:
    """How many alerts of the last 7 days a mute would have kept back."""
    now = store.clock()
    mute = as_policy(mutes.Mute(0, "", scope, None, None, "", "", 0, False))
    query = scope.get("query")
    matches = matcher(query, entities) if query is not None else None
    after, total = 0, 0
    while True:
        page, after = await store.read(
            mutes.past, now - BACK, rule=scope.get("rule"), story=scope.get("story"), text=matches is not None, after=after, limit=_PAGE
        )
        for past in page:
            view, article = view_of_past(past)
            total += mute.covers(view, lambda _, __, article=article: matches is not None and matches(article))  # type: ignore[misc]
        if not after:
            return total


async def end(store: Store, id_: str, actor: str, version: int | None = None) -> dict[str, Any]:
    """Ends a mute. Raises StoreError for one that is not there, is over, or was changed since."""
    ended = await store.write(mutes.end, id_, actor, version)
    if ended == "ended":
        return {"id": id_, "ended": True}
    words = {"missing": f"there is no mute '{id_}'", "over": f"the mute '{id_}' is over already", "stale": "somebody else was first"}
    raise StoreError(words[ended], remedy="'monitor mutes list' shows those there are")
