"""An EmailMessage from plain parts: headers in which outside text can do nothing, a text and an HTML part."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from quopri import encodestring

from monitor.alerts.clean import cut
from monitor.alerts.mail.address import Mailbox, break_encoded

SUBJECT = 200  # code points
_ATOM = re.compile(r"[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40})*")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says; `story` is the one it belongs to, `first` the Message-ID of that story's first mail, where this is a later one;
    `unsubscribe` says where to ask that a digest ends.
    """

    id: str
    subject: str
    text: str
    html: str
    story: str | None = None
    first: str | None = None
    unsubscribe: str | None = None


def atom(text: str) -> str:
    """`text` where it may stand in a message id as it is, else its hash: ids of any form stay stable and short."""
    if len(text) <= 48 and _ATOM.fullmatch(text):
        return text
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def write(letter: Letter, *, sender: Mailbox, to: Sequence[Mailbox], channel: str, now: datetime) -> bytes:
    """The mail as it goes over the wire.

    Message-ID comes from the delivery, so that a mail that is sent twice is one to its reader; References from the story and its first
    mail, so that its alerts stand together; Auto-Submitted keeps auto-replies away (RFC 3834); List-Id lets people filter (RFC 2919).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.header()
    message["To"] = tuple(mailbox.header() for mailbox in to)
    message["Subject"] = cut(break_encoded(letter.subject), SUBJECT)
    message["Date"] = now
    message["Message-ID"] = message_id(letter.id, sender)
    if letter.story is not None:
        root = f"<story.{atom(letter.story)}@{sender.domain}>"
        message["In-Reply-To"] = letter.first or root
        message["References"] = f"{root} {letter.first}" if letter.first else root
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{list_label(channel)}.news-monitor.{sender.domain}>"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
    message.set_content(letter.text, cte=_coding(letter.text))
    message.add_alternative(letter.html, subtype="html", cte=_coding(letter.html))
    return message.as_bytes()


def message_id(id_: str, sender: Mailbox) -> str:
    """The Message-ID of a delivery's mail."""
    return f"<{atom(id_)}@{sender.domain}>"


def begins_thread(data: bytes) -> bool:
    """Whether a mail is the first of its story."""
    return b"\r\nIn-Reply-To: <story." in data.partition(b"\r\n\r\n")[0]


def list_label(channel: str) -> str:
    """A channel's name as a label of a List-Id: ASCII letters, digits, hyphens; another name becomes its hash."""
    label = re.sub(r"[^a-z0-9]+", "-", channel.casefold()).strip("-")[:40]
    return label if label and channel.isascii() else atom(f"channel {channel}")[:16]


def _coding(text: str) -> str:
    """The shorter of the two codings that pass every server; both keep lines whole."""
    raw = text.encode("utf-8", "replace")
    return "quoted-printable" if len(encodestring(raw)) <= len(b64encode(raw)) else "base64"
