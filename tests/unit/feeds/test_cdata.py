"""CDATA that is lifted out of a document comes back as the parser would have read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.feeds.cdata import Lifted, is_marked

LONG = "<p>text &amp; more</p>\r\nä " * 50


def texts(document: str) -> tuple[list[str], list[str]]:
    """The text of each element, as lifted and put back, and as lxml alone reads it."""
    body = document.encode()
    lifted = Lifted(body)
    mine = [lifted.text(element.text) for element in etree.fromstring(lifted.skeleton).iter()]
    return mine, [(element.text or "").strip() for element in etree.fromstring(body).iter()]


@pytest.mark.parametrize(
    "document",
    [
        f"<r><a><![CDATA[{LONG}]]></a></r>",
        f"<r><a> <![CDATA[{LONG}]]>\n</a><b>b</b><a>x<![CDATA[{LONG}]]>y<![CDATA[short]]><![CDATA[{LONG}1]]></a></r>",
        f"<r><a><![CDATA[a]]b]]]><!-- c --></a><a><![CDATA[{LONG}]]]]><![CDATA[>]]></a></r>",
        f"<?xml version='1.0'?><?pi x?><r><!-- a --><a><![CDATA[{LONG}]]></a><!-- b --></r>",
        f"<r><b>\x7f</b><a>\x7f<![CDATA[{LONG}]]>\x7f</a><a>&#127;0&#x7F;<![CDATA[\x7f{LONG}\x7f]]></a></r>",
        f"<r><a><![CDATA[{']] ' * 20}{LONG}]]></a><b><![CDATA[{']' * 20}{LONG}]]></b></r>",
        f"<r><a><![CDATA[short <![CDATA[{LONG}]]></a><!-- <![CDATA[ --><a><![CDATA[short]]></a><b><![CDATA[{LONG}]]></b></r>",
        "<r><a><![CDATA[short]]></a></r>",
        "<r>none</r>",
    ],
)
def test_it_comes_back(document: str) -> None:
    mine, theirs = texts(document)
    assert mine == theirs


@pytest.mark.parametrize(
    "document",
    [
        f"<r><!-- <![CDATA[{LONG} --><a>]]></a></r>",
        f"<r><?pi <![CDATA[{LONG} ?><a>]]></a></r>",
        f"<r><a href='<![CDATA[{LONG}]]>'/></r>",
        f"<r><a><![CDATA[{LONG}</a></r>",
        f"<r><a><![CDATA[{LONG}\x00]]></a></r>",
    ],
)
def test_where_it_may_be_something_else_nothing_is_lifted(document: str) -> None:
    body = document.encode()
    assert Lifted(body).skeleton == body


def test_what_a_document_writes_is_never_taken_for_what_was_lifted() -> None:
    skeleton = Lifted(f"<r><a><![CDATA[{LONG}]]></a></r>".encode()).skeleton.decode()
    forged = skeleton.replace("\x7f", "&#127;").partition("<a>")[2].partition("</a>")[0]
    other = "&#127;" + forged[len("&#127;") + 1 :]
    mine, theirs = texts(f"<r><a><![CDATA[{LONG}]]></a><b>{other}</b></r>")
    assert mine == theirs


def test_a_mark_is_seen() -> None:
    skeleton = Lifted(f"<r><![CDATA[{LONG}]]></r>".encode()).skeleton.decode()
    assert is_marked(skeleton)
    assert LONG[:10] not in skeleton


@given(
    st.lists(
        st.one_of(
            st.just(f"<![CDATA[{LONG}]]>"), st.sampled_from(["<a/>", "<b>x</b>", "t", " ", "<!-- c -->", "<![CDATA[]]>", "&lt;", "]]", ">"])
        ),
        max_size=8,
    )
)
def test_any_mixture_comes_back(parts: list[str]) -> None:
    document = f"<r>{''.join(parts)}</r>"
    try:
        etree.fromstring(document.encode())
    except etree.XMLSyntaxError:
        return
    mine, theirs = texts(document)
    assert mine == theirs
