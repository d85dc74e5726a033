"""Pages that give no article or only a part of one, and pages made to do harm."""

from __future__ import annotations

import pickle

import pytest

from monitor.articles import PartialPage, is_html, read_page
from tests.unit.articles.pages import SENTENCES, TEXT, URL, fails, ld, page, read


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/pdf", b"%PDF-1.4"),
        ("text/html", b"%PDF-1.4"),
        ("application/json", b'{"a": "<p>"}'),
        ("text/plain", b"plain"),
        (None, b"<?xml version='1.0'?><rss><channel></channel></rss>"),
        (None, b"/etc/passwd"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_another_kind_of_file_is_not_html(content_type: str | None, body: bytes) -> None:
    assert fails(body, content_type).code == "not-html"
    assert not is_html(content_type, body)


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", None, "application/octet-stream"]
)
def test_html_by_its_type_or_its_look(content_type: str | None) -> None:
    assert is_html(content_type, page().encode()[:512])
    assert read(page(), content_type=content_type).body


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        page(body=""),
        page(body="<h1>A second bridge over the harbour of the old town</h1>"),
        page(body="<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"),
        page(body="<ul>" + "".join(f"<li><a href='/{n}'>A story of some words {n}</a></li>" for n in range(30)) + "</ul>"),
    ],
)
def test_a_page_without_text_is_thin(html: str) -> None:
    assert fails(html).code == "page-thin"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (
            page(body="<main><h1>Page not found</h1><p>Sorry, the page you are looking for has been moved, or it never was.</p></main>"),
            "not found",
        ),
        (
            page(head="<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", body="<p>Checking your browser.</p>"),
            "Cloudflare",
        ),
        (
            page(
                head="<title>Access denied</title>",
                body="<h1>Access denied</h1><p>You can not reach this page from where you are today.</p>",
            ),
            "refuses",
        ),
        (
            page(body="<h1>We value your privacy</h1><p>We and our 812 partners store and read cookies on your device, for example.</p>"),
            "consent",
        ),
    ],
)
def test_a_notice_is_no_article_and_is_named(html: str, told: str) -> None:
    error = fails(html)
    assert error.code == "page-thin"
    assert told in error.text


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1>Quake</h1><p>A strong earthquake struck off the coast early on Monday, officials said.</p></article>",
        "<div><h1>Quake</h1><p>A strong earthquake struck off the coast on Monday, officials said. More is to follow.</p></div>",
        "<div><h1>지진</h1><p>29일 새벽 동해상에서 규모 5.1 지진이 발생했다고 기상청이 밝혔다.</p></div>",
    ],
)
def test_a_short_but_whole_article_passes(body: str) -> None:
    assert read(page(body=body)).body.endswith(".")


WALL = "<div class='offer'><h2>Subscribe to continue reading this article</h2></div>"


@pytest.mark.parametrize(
    "html",
    [
        page(body=f"<article><h1>A second bridge</h1>{TEXT}{WALL}</article>"),
        page(body=f"<article><h1>A second bridge</h1>{TEXT}</article><div class='paywall'>Only for subscribers: read the full story</div>"),
        page(head=ld(headline="A second bridge", isAccessibleForFree=False)),
        page(head=ld(headline="A second bridge", isAccessibleForFree="False")),
    ],
)
def test_a_wall_is_told_with_what_the_page_gave(html: str) -> None:
    error = fails(html)
    assert error.code == "paywall"
    assert isinstance(error, PartialPage)
    assert error.page.body == "\n".join(SENTENCES)
    assert error.page.title == "A second bridge"
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.text, again.page) == (error.code, error.text, error.page)


def test_an_offer_in_head_and_foot_is_no_wall() -> None:
    offer = "<p>Subscribe for unlimited access to every article of our archive.</p>"
    html = page(body=f"<nav>{offer}</nav><article><h1>A second bridge</h1>{TEXT}</article><footer>{offer}</footer>")
    assert read(html).body == "\n".join(SENTENCES)


def test_a_text_about_subscribers_is_no_wall() -> None:
    told = "The paper said that its subscribers can continue to read every article on the web at the old price."
    assert read(page(body=f"<article><h1>A second bridge</h1>{TEXT}<p>{told}</p></article>")).body.endswith(told)


def test_a_page_that_is_not_free_but_whole_passes() -> None:
    text = "".join(f"<p>{sentence} It was the {n}th vote of the year.</p>" for n in range(4) for sentence in SENTENCES)
    assert len(read(page(head=ld(headline="A second bridge", isAccessibleForFree=False), body=f"<article>{text}</article>")).body) > 1500


# -- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        b"<html><body>" + b"<div>" * 1_000_000,
        b"<html><body>" + b"<div>" * 150_000,
        b"<html><body>" + b"<!--" * 500_000,
        b"<html><head><script type='application/ld+json'>" + b"[" * 200_000 + b"</script></head><body></body></html>",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><html><body><p>&b;</p></body></html>',
    ],
)
def test_hostile_pages_are_refused(html: bytes) -> None:
    assert fails(html).code == "page-thin"


@pytest.mark.parametrize(
    "hostile",
    [
        f"<div class='{'a ' * 400_000}' style='{'b ' * 400_000}'>",
        "<p>" + " " * 500_000 + "</p>",
        "<p>" + "a@b" * 50_000 + "</p>",
        "<p>By " + "Ann Bee " * 20_000 + "</p>",
        f"<title>{'a | ' * 100_000}</title>",
        "<table>" + "<tr><td colspan=9999999 rowspan=9999999>a" * 500 + "</table>",
        "<b><i>" * 20_000,
    ],
)
def test_one_hostile_part_does_not_cost_the_text(hostile: str) -> None:
    assert SENTENCES[0] in read(page(body=f"<article><h1>A second bridge</h1>{TEXT}</article>{hostile}")).body


def test_a_page_of_many_tags_is_read_by_density() -> None:
    text = read(page(body=f"<article>{TEXT}</article><ul>" + "<li><a href='/x'>one more link of many words</a></li>" * 12_000 + "</ul>"))
    assert text.body == "\n".join(SENTENCES)
    assert "density" in text.warnings[0]


def test_read_page_needs_no_type() -> None:
    assert read_page(page().encode(), URL).title == "A second bridge"
