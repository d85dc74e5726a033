"""The JSON schema that editors use, made from the models that check a configuration; `config/monitor.schema.json` holds it."""

from __future__ import annotations

from typing import Any


def schema() -> dict[str, Any]:
    """JSON schema, draft 2020-12, of one configuration file."""
    raise NotImplementedError
