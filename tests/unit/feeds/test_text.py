"""Visible text: markup gone, entities decoded, white space tidy, and nothing invented or lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import text


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p>One</p><p>two <b>bo</b>ld</p>", "One\ntwo bold"),
        ("a<br>b<BR/>c<hr />d", "a\nb\nc\nd"),
        ("<ul><li>x<li>y</ul>", "x\ny"),
        ("<td>1</td><td>2</td>", "1\n2"),
        ("one\n  line   of\tsource", "one line of source"),
        ("one\r\ntwo\rthree <b>four</b>", "one two three four"),
        ("AT&amp;T &#8217;quoted&#x2019; {{7*7}}", "AT&T ’quoted’ {{7*7}}"),
        ("R&D, AT&T, ?a=1&copy=2", "R&D, AT&T, ?a=1&copy=2"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("&lt;b&gt;not markup&lt;/b&gt;", "<b>not markup</b>"),
        ("a <img alt='1 > 0' src=x>b", "a b"),
        ('<a title="x > y" href="z">l</a>', "l"),
        ("x<script>if (1<2) alert('</b>')</script>y", "xy"),
        ("x<STYLE>p {}</Style>y<template>z</template>", "xyz"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-- never closed <p>b", "a"),
        ("<![CDATA[inner]]> text", "inner text"),
        ("broken off <a href='http://", "broken off"),
        ("non&nbsp;breaking\u00a0space", "non breaking space"),
        ("&#0;&#xD800;&#99999999999;", "���"),
        ("&nosuch; &amp;amp;", "&nosuch; &amp;"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(markup: str, seen: str) -> None:
    assert text.lines(markup) == seen
    assert text.line(markup) == " ".join(seen.split())


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("How List<String> works", "How List<String> works"),
        ("The <b>bold</b> one", "The bold one"),
        ("<img src=x onerror=alert(1)>Breaking", "Breaking"),
        ("<script>alert(1)</script>News", "News"),
        ("AT&amp;T", "AT&T"),
        ("  a \n b  ", "a b"),
    ],
)
def test_a_title_of_no_type_loses_known_tags_alone(written: str, seen: str) -> None:
    assert text.line(written, html=text.is_html(written, "text/plain")) == seen


def test_plain_content_keeps_its_own_lines() -> None:
    assert text.lines("first\nsecond  line\n\nthird", html=False) == "first\nsecond line\nthird"
    assert text.lines("first\r\nsecond\rthird <b>fourth</b>", html=False) == "first\nsecond\nthird fourth"
    assert "\r" not in text.line("word\r\n" * 200)
    assert text.plain_lines("a &amp; b\r\n\n c") == "a &amp; b\nc"


def test_what_databases_refuse_is_replaced_one_for_one() -> None:
    assert text.mend("a\x00b\ud800c\udfffd") == "a�b�c�d"


@pytest.mark.parametrize(
    ("broken", "mended"), [("CafÃ©", "Café"), ("don\x92t", "don’t"), ("Café", "Café"), ("plain", "plain"), ("é…", "é…")]
)
def test_text_encoded_twice_is_mended(broken: str, mended: str) -> None:
    assert text.repair(broken) == mended


def test_one_text_is_read_once_for_summary_and_content() -> None:
    assert text.summary_and_content(("<p>a</p><p>b</p>", "text/html"), ("<p>a</p><p>b</p>", "text/html")) == ("a b", "a\nb")
    assert text.summary_and_content(("s", "text/html"), ("", "")) == ("s", "")
    assert text.summary_and_content(("", ""), ("c", "text/html")) == ("", "c")


@given(st.text(alphabet=st.sampled_from("<>&;!-/'\" apscritylem=#x0\n[]C"), max_size=200))
def test_any_text_is_read_without_a_fault(written: str) -> None:
    for html in (True, False):
        seen = text.lines(written, html=html)
        assert "  " not in seen
        assert seen == "\n".join(line.strip() for line in seen.split("\n") if line.strip())
        assert "\n" not in text.line(written, html=html)


@pytest.mark.parametrize(
    "piece", ["<a ", "<", "&", "<!--", "<script>", '<a "', "<a title='", "&#", "</", "<![CDATA[", "<p", " ", "\n", "<b>", "<!x"]
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    hostile = piece * (400_000 // len(piece))
    started = time.process_time()
    text.lines(hostile)
    text.line(hostile, html=text.is_html(hostile, "text/plain"))
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("written", "visible"),
    [
        ("We show $x<y$ and more", "We show $x<y$ and more"),
        ("a<b and more", "a<b and more"),
        ("<p>a</p> b <3 c", "a b <3 c"),
        ("in <a href='http://h/cut", "in"),
        ("in <a...", "in"),
        ("in <div class", "in"),
        ("in <br", "in"),
        ("in</p", "in"),
        ("in <!-- never closed", "in"),
    ],
)
def test_a_text_that_ends_inside_a_tag_is_cut_there_and_one_with_a_bare_sign_is_not(written: str, visible: str) -> None:
    assert text.line(written) == visible
