"""Messages as plain lines: for the fallback text of chats, and for services that show text and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.clean import clean, cut
from monitor.alerts.digest import Digest
from monitor.alerts.message import Told, link_target, since
from monitor.model import Notice

CAUSE = 500  # code points of a notice's cause and remedy


def story_lines(told: Told, before: str = "«", after: str = "»") -> list[str]:
    """One story: head, title, place, snippets, counts, addresses."""
    lines = [told.head, told.title + (f" ({told.host})" if told.host else ""), told.where]
    lines += [snippet.text(before, after) for snippet in told.snippets]
    if told.counts:
        lines.append(" · ".join(told.counts))
    if told.url:
        lines.append(told.url)
    if told.links:
        lines.append(f"Alert: {told.links[0].url}")
    return lines


def digest_title(digest: Digest) -> str:
    return f"{digest.reason} · {digest.summary}"


def digest_line(told: Told, title_limit: int = 120) -> str:
    """◆ high · title · site · author · time · rules, for a service without links of its own."""
    return f"{told.severity.mark} {told.severity} · {cut(told.title, title_limit)} · {told.where} · {cut(told.rule_names, 100)}"


def notice_title(notice: Notice) -> str:
    """⚠ feed The Korea Herald: failing; with ✓ when it is over."""
    return f"{'✓' if notice.state == 'ok' else '⚠'} {cut(clean(notice.subject), 200)}: {clean(notice.state)}"


def notice_lines(notice: Notice, now: datetime, zone: ZoneInfo) -> list[str]:
    """What a notice says under its title: since when, cause, remedy."""
    lines = [f"since {since(notice.since, now, zone)}"]
    lines += [f"{label}: {cut(text, CAUSE)}" for label, text in (("cause", clean(notice.cause)), ("remedy", clean(notice.remedy))) if text]
    return lines


def notice_url(notice: Notice, base_url: str | None) -> str | None:
    """The notice's link; one that is a path is joined to the dashboard's address."""
    url = notice.url
    if url and url.startswith("/") and not url.startswith("//"):
        return link_target(f"{base_url.rstrip('/')}{url}") if base_url else None
    return link_target(url)


def notices_head(notices: Sequence[Notice]) -> str:
    """The title of one notice, or how many there are."""
    return notice_title(notices[0]) if len(notices) == 1 else f"{len(notices):,} notices"
