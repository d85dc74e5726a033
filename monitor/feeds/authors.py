"""Several authors of one entry, told in one line: a rule that watches any of them must find it."""

from __future__ import annotations

from collections.abc import Iterable

from . import text


def together(authors: Iterable[tuple[str, str]]) -> str | None:
    """Names joined by ", ", each once and in their order, out of pairs of name and mail address; addresses where nobody has a name."""
    pairs = [(text.line(name, html=False), text.line(address, html=False)) for name, address in authors]
    once: dict[str, str] = {}
    for found in [name for name, _ in pairs if name] or [address for _, address in pairs if address]:
        once.setdefault(found.casefold(), found)
    return ", ".join(once.values()) or None
