"""Queries that were parsed before: one that names no entity means the same in every configuration, so that a reload finds it parsed."""

from __future__ import annotations

import threading

from monitor.rules.query import Query

_LONGEST = 500  # characters
_MOST = 20_000  # queries

_queries: dict[str, Query] = {}
_lock = threading.Lock()


def may_keep(text: str) -> bool:
    """Whether a query of this text means the same whatever entities there are, and is short enough to be kept."""
    return len(text) <= _LONGEST and "entity" not in text.casefold()


def find(text: str) -> Query | None:
    return _queries.get(text)


def keep(query: Query) -> None:
    """Keeps a query, in the place of the oldest where there are too many. Not one of lists with warnings: these name its lists."""
    if not may_keep(query.text) or any(warning.list for warning in query.warnings):
        return
    with _lock:
        if len(_queries) >= _MOST:
            del _queries[next(iter(_queries))]
        _queries[query.text] = query
