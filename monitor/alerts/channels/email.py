"""email: by SMTP, text and HTML; a story's mails stand in one thread, a digest is one mail, each recipient has a state of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import aiosmtplib
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from monitor.alerts.channels.base import SMTP_DEADLINE, NetOptions, Services, notices
from monitor.alerts.clean import clean, cut
from monitor.alerts.digest import MAIL_STORIES, gather_digest
from monitor.alerts.http import ANSWER_LIMIT, Secrets, fingerprint
from monitor.alerts.lanes import Rate
from monitor.alerts.mail.address import parse_mailbox, parse_server
from monitor.alerts.mail.html import digest_html, notices_html, story_html
from monitor.alerts.mail.smtp import NoTls, Result, submit
from monitor.alerts.mail.text import digest_text, notices_text, story_subject, story_text
from monitor.alerts.mail.write import SUBJECT, Letter, begins_thread, message_id, write
from monitor.alerts.message import first_id, tell
from monitor.alerts.plain import notices_head
from monitor.alerts.times import day_time
from monitor.errors import FetchError
from monitor.model import AlertView, Message, Notice, Outcome

_NOTICES = 20  # told in one mail


def _address(value: str) -> str:
    parse_mailbox(value)
    return value


def _server(value: SecretStr) -> SecretStr:
    parse_server(value.get_secret_value())
    return value


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


AddressText = Annotated[str, AfterValidator(_address)]


class Options(NetOptions):
    model_config = ConfigDict(serialize_by_alias=True)

    smtp: Annotated[SecretStr, AfterValidator(_server)]
    """The mail server: smtp://user:password@host:587 (STARTTLS where offered) or smtps://… (TLS)."""
    sender: AddressText = Field(alias="from")
    """Whom mails come from."""
    to: Annotated[list[AddressText], BeforeValidator(_one_or_more)] = Field(min_length=1, max_length=100)
    """Whom they go to: an address or a list."""


class Email:
    type = "email"
    human = True
    deadline = SMTP_DEADLINE
    rate: Rate | None = None
    threads = True

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._services = services
        self._server = parse_server(options.smtp.get_secret_value())
        self._sender = parse_mailbox(options.sender)
        self._to = tuple({box.address: box for box in map(parse_mailbox, options.to)}.values())
        self._allow_private = options.allow_private
        self._secrets = Secrets(self._server.password or "", options.smtp.get_secret_value())
        others = f" +{len(self._to) - 1} {fingerprint(*(box.address for box in self._to))}" if len(self._to) > 1 else ""
        self.target = f"{self._server.host}:{self._server.port} {self._sender.address} to {self._to[0].address}{others}"

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        told = tell(alerts, zone, base_url)
        letter = Letter(
            first_id(alerts, None),
            story_subject(told),
            story_text(told, self.name),
            story_html(told, self.name),
            story=alerts[0].story_id,
            first=alerts[0].thread,
        )
        return self._write(letter, now)

    def compose_digest(
        self,
        alerts: Sequence[AlertView],
        *,
        now: datetime,
        zone: ZoneInfo,
        base_url: str | None,
        delivery_id: str | None = None,
        reason: str = "digest",
    ) -> Message:
        digest = gather_digest(alerts, zone, base_url, when=day_time(now, zone), limit=MAIL_STORIES, reason=reason)
        html, shown = digest_html(digest, self.name)
        tail = f" ({digest.when})"
        subject = cut(f"[{digest.reason}] {digest.summary}", SUBJECT - len(tail)) + tail
        unsubscribe = f"mailto:{self._sender.address}?subject=unsubscribe"
        return self._write(
            Letter(first_id(alerts, delivery_id), subject, digest_text(digest, self.name, shown), html, unsubscribe=unsubscribe), now
        )

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        all_notices = notices(notice)
        told = all_notices[:_NOTICES]
        text = notices_text(told, self.name, now, zone, base_url)
        html = notices_html(told, self.name, now, zone, base_url)
        return self._write(Letter(delivery_id or told[0].id, f"[notice] {notices_head(all_notices)}", text, html), now)

    def _write(self, letter: Letter, now: datetime) -> Message:
        return Message(letter.id, write(letter, sender=self._sender, to=self._to, channel=self.name, now=now))

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        states = {box.address: (previous or {}).get(box.address, "") for box in self._to}
        todo = [address for address, state in states.items() if not state.startswith(("delivered", "refused"))]
        if not todo:
            return _outcome(states, 250, "nothing left to send")
        try:
            async with asyncio.timeout(self.deadline):
                result = await self._submit(todo, message.payload)
        except aiosmtplib.SMTPResponseException as error:
            # Sign-in and sender are faults of the configuration, which someone may mend; a message refused for good is not.
            final = error.code >= 500 and isinstance(error, aiosmtplib.SMTPDataError)
            return self._all(states, todo, error.code, error.message, final=final)
        except NoTls:
            return self._all(states, todo, None, "the server offers no TLS, and a password never goes in clear")
        except TimeoutError:
            return self._all(states, todo, None, f"no answer in {self.deadline:.0f} s")
        except FetchError as error:
            return self._all(states, todo, None, str(error))
        except (OSError, aiosmtplib.SMTPException, ValueError) as error:
            return self._all(states, todo, None, str(error) or type(error).__name__)
        for address in result.taken:
            states[address] = "delivered"
        for address, (code, text) in result.refused.items():
            states[address] = self._text(f"{'refused' if code >= 500 else 'retry'}: {code} {text}")
        outcome = _outcome(states, result.code, self._text(result.text))
        if not outcome.delivered or not begins_thread(message.payload):
            return outcome
        return replace(outcome, anchor=message_id(message.id, self._sender))

    async def _submit(self, recipients: Sequence[str], data: bytes) -> Result:
        return await submit(
            self._services.client,
            self._server,
            self._sender.address,
            recipients,
            data,
            local=self._sender.domain,
            ca_file=self._services.ca_file,
            allow_private=self._allow_private,
        )

    def _all(self, states: dict[str, str], todo: Sequence[str], code: int | None, text: str, *, final: bool = False) -> Outcome:
        """One fault for all who were to get it."""
        told = self._text(f"{code} {text}" if code else text)
        for address in todo:
            states[address] = f"{'refused' if final else 'retry'}: {told}"
        return _outcome(states, code, told)

    def _text(self, text: str) -> str:
        return cut(clean(self._secrets.hide(text)), ANSWER_LIMIT)


def _outcome(states: dict[str, str], code: int | None, text: str) -> Outcome:
    """Delivered once nobody is left to try and somebody has it; final if all have refused for good."""
    taken = sum(state == "delivered" for state in states.values())
    refused = [f"{address} {state}" for address, state in states.items() if state.startswith("refused")]
    waiting = [f"{address} {state}" for address, state in states.items() if state.startswith("retry")]
    told = text if not refused and not waiting else "; ".join([*([f"{taken} delivered"] if taken else []), *waiting, *refused])
    return Outcome(
        delivered=taken > 0 and not waiting, text=cut(told, ANSWER_LIMIT), status=code, final=not waiting and not taken, recipients=states
    )
