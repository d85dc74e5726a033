"""The one HTTP client: address guard, time and size limits, turns of hosts, robots.txt, redaction.

What needs aiohttp is loaded when it is first asked for: commands that only redact or parse must not wait 0.3 s for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from monitor.net.headers import max_age, retry_after
from monitor.net.redact import redact, redact_url

if TYPE_CHECKING:
    from monitor.net.client import Client, Response
    from monitor.net.guard import AddressGuard
    from monitor.net.robots import Robots
    from monitor.net.turns import Turns, host_key

_LATER = {"Client": "client", "Response": "client", "AddressGuard": "guard", "Robots": "robots", "Turns": "turns", "host_key": "turns"}

__all__ = ["AddressGuard", "Client", "Response", "Robots", "Turns", "host_key", "max_age", "redact", "redact_url", "retry_after"]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value
