"""What to do about a feed's or a page's trouble: one table, used by page, command line and notices."""

from __future__ import annotations

_BY_CODE = {
    "forbidden-address": "the address is private: if it is meant to be reached, name its range under 'network.allow'",
    "bad-url": "correct the address in the configuration",
    "dns": "the name was not found: check its spelling, and this machine's DNS",
    "connect": "the server can't be reached; it is tried again by itself",
    "certificate": "the site's certificate does not hold; if it is your own, name its authority as 'network.ca_file'",
    "timeout": "the site is too slow; it is tried again by itself",
    "too-large": "the document is larger than 10 MB: name a smaller feed of the site",
    "redirects": "the address redirects without end: give the address of the feed itself",
    "encoding": "the site sends a coding that can't be read; it is tried again by itself",
    "protocol": "what answers there does not speak HTTP as it should; check the address",
    "robots": "the site's robots.txt forbids the page: the feed's own text is matched",
    "html": "this is a web page, not a feed: 'monitor feeds discover URL' finds the site's feeds",
    "empty": "the document is empty; it is asked again by itself",
    "not-a-feed": "the document is no feed: check the address with 'monitor feeds preview URL'",
    "too-deep": "the document is nested too deep to be a feed",
    "killed": "the document takes too long to parse; it is asked again, later each time",
    "internal": "this is a fault of monitor; its log has where",
}
_BY_STATUS = {
    401: "the site asks for a password or token: set the feed's 'auth'",
    403: "the site refuses: it may ask for another 'user_agent', or for 'auth'",
    404: "the feed is gone: look for its new address with 'monitor feeds discover SITE'",
    410: "the feed has ended; take it out of the configuration",
    429: "the site asks for fewer requests; its Retry-After is kept",
}


def remedy(code: str | None, status: int | None = None) -> str | None:
    """What a person can do next; None where nothing is wrong."""
    if code is None:
        return None
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status is not None and status >= 500:
        return "the site has trouble of its own; it is tried again by itself"
    return _BY_CODE.get(code, "it is tried again by itself")
