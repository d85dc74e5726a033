"""Servers and mailboxes as people write them."""

from __future__ import annotations

import pytest

from monitor.alerts.mail.address import Mailbox, Server, parse_mailbox, parse_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, False, None, None)),
        ("smtps://mail.example.org/", Server("mail.example.org", 465, True, None, None)),
        ("smtp://u:p@mail.example.org", Server("mail.example.org", 587, False, "u", "p")),
        ("smtp://u:p@mail.example.org:2525", Server("mail.example.org", 2525, False, "u", "p")),
        ("smtp://u%40example.org:p%3A%2F@h", Server("h", 587, False, "u@example.org", "p:/")),
        ("smtp://u@example.org:a@b:c/d?#@h:26", Server("h", 26, False, "u@example.org", "a@b:c/d?#")),
        ("smtp://[::1]:25", Server("::1", 25, False, None, None)),
    ],
)
def test_servers(url: str, server: Server) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("a@example.org", Mailbox("", "a@example.org")),
        (" Desk One <a+b@example.org> ", Mailbox("Desk One", "a+b@example.org")),
        ('"Desk, \x1bOne" <a@example.org>', Mailbox("Desk, One", "a@example.org")),
        ("편집국 <a@bücher.example>", Mailbox("편집국", "a@xn--bcher-kva.example")),
    ],
)
def test_mailboxes(text: str, box: Mailbox) -> None:
    assert parse_mailbox(text) == box
    assert box.header().addr_spec == box.address


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@b", "a b@c", "a@b c", "<a@b>>", "ü@example.org", "a@b\r\nX: y", "a@-", "a@b..c", "x" * 300 + "@b.c"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        parse_mailbox(text)
