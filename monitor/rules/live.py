"""All faults of a query at once, for a page that checks while one types; `parse` stops at the first."""

from __future__ import annotations

from monitor.errors import QueryError
from monitor.rules.entities import Entities
from monitor.rules.parsing import parse
from monitor.rules.query import QueryWarning

MAX_ERRORS = 10


def problems(text: str, entities: Entities | None = None) -> tuple[list[QueryError], tuple[QueryWarning, ...]]:
    """The errors of `text`, the first first, and where there are none its warnings.

    Each further error is found in the query that the remedies so far have mended, and told where it stands in `text`;
    the search ends at an error without a remedy, or one that lies in a remedy.
    """
    errors: list[QueryError] = []
    mended = text
    origin = list(range(len(text) + 1))  # where each character of `mended` stands in `text`; -1: it came by a remedy
    while len(errors) < MAX_ERRORS:
        try:
            query = parse(mended, entities)
        except QueryError as error:
            places = origin[error.start : error.end + 1]
            if -1 in places:
                break
            errors.append(QueryError(error.text, places[0], places[-1], suggestion=error.suggestion, replacement=error.replacement))
            if error.replacement is None:
                break
            mended = mended[: error.start] + error.replacement + mended[error.end :]
            origin[error.start : error.end] = [-1] * len(error.replacement)
        else:
            return errors, query.warnings if not errors else ()
    return errors, ()
