"""apprise: the long tail of services, through the library of that name (`news-monitor[apprise]`), for whatever no channel of ours serves.

Source: apprise 2.3, "Apprise.notify" (True, False, None: no answer in words), `AppriseAsset.http_redirects`, `rto`. It has threads,
no status and no Retry-After, and speaks to the network by itself, past the address guard: the guide says so.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, SecretStr, field_validator

from monitor.alerts.channels.base import Options as Base
from monitor.alerts.channels.base import Services
from monitor.alerts.chat import Chat, Note
from monitor.alerts.clean import clean, cut
from monitor.alerts.http import ANSWER_LIMIT, fingerprint
from monitor.errors import ConfigError
from monitor.model import Message, Outcome

_TEXT = 3000
_LATER = 5.0  # seconds after our own deadline at which the library gives up reading
_LOCAL = ("exec", "dbus", "gnome", "glib", "macosx", "windows", "syslog", "qt", "kde")  # what would act on this machine


class Options(Base):
    url: SecretStr
    """Where to, as apprise writes it: scheme://…"""
    timeout: float = Field(default=20.0, gt=0, le=30)
    """Seconds that a message may take."""

    @field_validator("url")
    @classmethod
    def _fit(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if not parts.scheme or "://" not in value.get_secret_value():
            raise ValueError("an apprise address is scheme://…")
        if parts.scheme.lower() in _LOCAL:
            raise ValueError(f"{parts.scheme}:// acts on this machine; the channel type exec runs a command")
        if any(key.lower() == "redirect" for key, _ in parse_qsl(parts.query)):
            raise ValueError("redirects are never followed: take redirect= out")
        return value


class Apprise(Chat):
    type = "apprise"

    def __init__(self, name: str, options: Options, services: Services) -> None:
        try:
            import apprise
        except ImportError as error:
            raise ConfigError(
                f"channel '{name}' needs apprise, which is not installed", remedy="pip install 'news-monitor[apprise]'"
            ) from error
        url = options.url.get_secret_value()
        self.name = name
        self.target = f"apprise {urlsplit(url).scheme} {fingerprint(url)}"
        self.deadline = options.timeout
        self._how: dict[str, Any] = {"notify_type": apprise.NotifyType.WARNING, "body_format": apprise.NotifyFormat.TEXT}
        self._to = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=False, async_mode=False))
        if not self._to.add(_patient(url, self.deadline)):
            raise ConfigError(f"channel '{name}': apprise does not know this address", remedy="see apprise's list of services")

    def pack(self, note: Note) -> tuple[Any, Any]:
        return {"title": note.title, "body": cut("\n".join(note.plain), _TEXT)}, None

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            async with asyncio.timeout(self.deadline):
                taken = await _in_thread(lambda: self._to.notify(**message.payload, **self._how))
        except TimeoutError:
            return Outcome(False, f"apprise gave no answer within {self.deadline:g} s: it may have arrived", unknown=True)
        except Exception as error:  # noqa: BLE001  a plugin of 190: whatever it raises is its failure, and the words may hold secrets
            return Outcome(False, cut(clean(f"apprise failed: {type(error).__name__}"), ANSWER_LIMIT))
        return Outcome(True, "taken by apprise") if taken else Outcome(False, "apprise says that it failed; it does not say why")


def _patient(url: str, deadline: float) -> str:
    """The address with a read time-out beyond our own (apprise, "rto"): theirs would say "failed" of what may have arrived."""
    parts = urlsplit(url)
    if any(key.lower() == "rto" for key, _ in parse_qsl(parts.query)):
        return url
    return f"{url}{'&' if parts.query else '' if url.endswith('?') else '?'}rto={deadline + _LATER:g}"


async def _in_thread(work: Any) -> Any:
    """Runs in a thread that nothing waits for at the end: a plugin that hangs must not keep the daemon from stopping."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  handed on to whoever waits
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="apprise", daemon=True).start()
    return await done
