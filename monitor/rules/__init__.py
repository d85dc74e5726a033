"""Rules: the query language, its entities, and the one matcher behind live matching, tests, search and highlights.

The names are loaded when they are first used: reading a query needs neither the matcher nor its tables.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.rules.entities import Entities, EntityDef, EntityError
    from monitor.rules.lists import ListError, from_lists
    from monitor.rules.live import problems
    from monitor.rules.parsing import parse
    from monitor.rules.query import Query, QueryWarning
    from monitor.rules.ruleset import RuleSet
    from monitor.rules.tokens import tokens
    from monitor.rules.tryout import try_lines

__all__ = [
    "Entities",
    "EntityDef",
    "EntityError",
    "ListError",
    "Query",
    "QueryWarning",
    "RuleSet",
    "from_lists",
    "parse",
    "problems",
    "tokens",
    "try_lines",
]

_HOMES = {
    "Entities": "entities",
    "EntityDef": "entities",
    "EntityError": "entities",
    "ListError": "lists",
    "Query": "query",
    "QueryWarning": "query",
    "RuleSet": "ruleset",
    "from_lists": "lists",
    "parse": "parsing",
    "problems": "live",
    "tokens": "tokens",
    "try_lines": "tryout",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


class _Package(ModuleType):
    """Python binds an imported submodule to its name in the package; a name above that is also a module's stays ours."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
