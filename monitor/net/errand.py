"""What one GET carries from hop to hop: the URL at hand, and the headers that may be sent there."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping

from yarl import URL

from monitor.errors import FetchError
from monitor.model import Validators
from monitor.net.guard import MAX_URL, AddressGuard

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


class Errand:
    """A GET under way. `url` is the hop at hand, without user, password and fragment; `history` the redirects so far.

    `headers` that are credentials, those named in `secret` among them, and a user in the URL stay with the first origin;
    `validators` are sent to the very URL that gave them.
    """

    __slots__ = ("_headers", "_secret", "_validators", "first", "history", "url")

    def __init__(
        self, url: URL, headers: Mapping[str, str] | None, secret: Collection[str] = (), validators: Validators | None = None
    ) -> None:
        self._headers = headers
        self._secret = secret
        self._validators = validators
        if url.raw_user is not None or url.raw_password is not None:
            # As a header of ours it is dropped by the same rule as every other credential, and never stands in a URL again.
            token = base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()
            self._headers = {"Authorization": f"Basic {token}", **(headers or {})}
            url = url.with_user(None)
        self.first = self.url = url.with_fragment(None) if url.raw_fragment else url
        self.history: tuple[tuple[int, str], ...] = ()

    def headers(self) -> Mapping[str, str] | None:
        """The headers for the hop at hand."""
        validators = self._validators
        if validators is None or validators.url != str(self.url):
            return self._headers
        headers = dict(self._headers or {})
        if validators.etag is not None:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified is not None:
            headers["If-Modified-Since"] = validators.last_modified
        return headers

    def redirect(self, status: int, location: str | None, guard: AddressGuard, most: int) -> None:
        """Go on to `location`, checked by `guard` like any URL. Raises FetchError, naming who redirects."""
        here = place(self.url)
        self.history = (*self.history, (status, str(self.url)))
        if len(self.history) > most:
            text = f"{place(self.first)} redirects more than {most} times"
            raise FetchError("redirects", text, remedy="Look in a browser where the URL leads")
        location = (location or "").strip()
        if not location:
            raise FetchError("redirects", f"{here} redirects without saying where")
        if len(location) > MAX_URL:
            raise FetchError("bad-url", f"{here} redirects to a URL of over {MAX_URL:,} characters", permanent=True)
        try:
            target = guard.check_url(self.url.join(URL(location)))
        except FetchError as exc:
            raise FetchError(exc.code, f"{here} redirects, and {exc.text}", permanent=exc.permanent, remedy=exc.remedy) from None
        except ValueError:
            raise FetchError("bad-url", f"{here} redirects to a URL that can't be read", permanent=True) from None
        # A user that somebody else put into the URL is not sent.
        target = target.with_user(None).with_fragment(None)
        if any(url == str(target) for _, url in self.history):
            raise FetchError("redirects", f"{here} redirects in a circle", remedy="Sites that insist on cookies do so, and can't be read")
        self._go(target)

    def _go(self, target: URL) -> None:
        # On another origin (scheme, host, port) the credentials stay behind, for good even if the way leads back.
        if self._headers and target.origin() != self.url.origin():
            secret = _SECRET_HEADERS.union(name.lower() for name in self._secret)
            self._headers = {name: value for name, value in self._headers.items() if name.lower() not in secret}
        self.url = target


def place(url: URL) -> str:
    """Host, and port unless it is the scheme's own, for people: never a path, which may be a password."""
    host = url.host or "the host"
    if ":" in host:
        host = f"[{host}]"
    return host if url.explicit_port is None or url.is_default_port() else f"{host}:{url.port}"
