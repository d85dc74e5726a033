"""The one HTTP client: address guard, time and size limits, turns of hosts, robots.txt, redaction."""

from __future__ import annotations

from monitor.net.client import Client, Response
from monitor.net.guard import AddressGuard
from monitor.net.headers import max_age, retry_after
from monitor.net.redact import redact, redact_url
from monitor.net.robots import Robots
from monitor.net.turns import Turns, host_key

__all__ = ["AddressGuard", "Client", "Response", "Robots", "Turns", "host_key", "max_age", "redact", "redact_url", "retry_after"]
