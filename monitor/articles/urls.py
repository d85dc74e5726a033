"""What makes two addresses the same article, and when a page's own word on its address counts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TRACKING = re.compile(
    r"(?:utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|igshid|yclid|_ga|ncid|cmpid|ocid|ref_src|smid|at_medium|at_campaign)$",
    re.IGNORECASE,
)


def normalize_url(url: str) -> str:
    """The key of the article that `url` leads to."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0]))
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"http://{host}{port}{parts.path or '/'}{'?' + query if query else ''}{fragment}"


def pick_canonical(page_url: str, canonical: str | None) -> str | None:
    """`canonical` if it may stand for the page at `page_url`: the same site, and not a front page."""
    if not canonical:
        return None
    ours, theirs = urlsplit(page_url), urlsplit(canonical)
    if theirs.scheme not in ("http", "https") or ours.hostname != theirs.hostname or theirs.path in ("", "/"):
        return None
    return canonical
