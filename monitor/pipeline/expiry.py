"""Certificates of feeds' hosts that run out soon: told once, and once more when they have been renewed."""

from __future__ import annotations

from datetime import UTC, datetime

from yarl import URL

from monitor.net import Client
from monitor.net.certificates import Shown
from monitor.store import notices
from monitor.store.certificates import Seen

SOON = 14 * 86_400.0  # seconds before its end from which a certificate is told of
_SHARE = 0.25  # of its whole time, where that is less: some live for six days and are renewed each third
_DAY = 86_400.0
_AGAIN = 21_600.0  # seconds until the same is handed over once more, lest a commit was lost: the store tells it once all the same


class Expiry:
    """Looks at what hosts showed. Most polls learn nothing new: what was handed over just now is not handed over again."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, tuple[float, bool, float]] = {}  # host -> until, whether that is soon, when it was handed over

    def news(self, url: str, now: float) -> Seen | None:
        """What the store does not know yet of the certificate of the URL's host."""
        if not url.startswith("https:"):
            return None
        host = URL(url).raw_host or ""
        shown = self._client.certificate(host)
        if shown is None:
            return None
        soon = shown.until - now < min(SOON, _SHARE * (shown.until - shown.since))
        known = self._known.get(host)
        if known is not None and known[:2] == (shown.until, soon) and abs(now - known[2]) < _AGAIN:
            return None
        self._known[host] = shown.until, soon, now
        return Seen(host, shown.until, _told(host, shown, now, soon=soon))


def _told(host: str, shown: Shown, now: float, *, soon: bool) -> notices.Told:
    end = f"{datetime.fromtimestamp(shown.until, UTC):%Y-%m-%d %H:%M} UTC"
    subject = f"certificate of {host}"
    if not soon:
        return notices.Told("certificate", host, subject, notices.OK, f"it has been renewed and is good until {end}", "nothing to do")
    days = max(shown.until - now, 0.0) / _DAY
    left = f"in {days:.0f} d" if days >= 2 else f"in {days * 24:.0f} h"
    cause = f"it runs out on {end}, {left}; from then on no feed and no page of {host} can be read"
    return notices.Told("certificate", host, subject, "expiring", cause, f"whoever runs {host} must renew it", f"https://{host}/")
