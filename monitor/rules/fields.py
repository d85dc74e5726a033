"""The fields a query may name."""

from __future__ import annotations

FIELDS = ("title", "body", "lead", "author", "site", "feed", "tag", "lang", "url")
"""In the order the language names them; `entity:` and `stem:` are terms, not fields."""

WITH_COLON = (*FIELDS, "entity", "stem")
