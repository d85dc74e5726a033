"""One key for all the addresses of an article, and which canonical address counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles import normalize_url, pick_canonical
from monitor.articles.urls import registrable

KEY = "http://harbour.example/news/bridge?id=5"


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/news/bridge?id=5",
        "HTTP://Harbour.Example:80/news/bridge?id=5",
        "https://harbour.example:443/news/bridge?id=5#comments",
        "https://www.harbour.example/news/bridge/?id=5",
        "https://m.harbour.example/news/bridge?id=5",
        "https://amp.harbour.example/news/bridge?id=5",
        "https://harbour.example./news/bridge?id=5",
        "https://harbour.example/news/./old/../bridge?id=5",
        "https://harbour.example/news/%62ridge?id=5",
        "https://harbour.example/news/bridge?utm_source=rss&utm_medium=feed&id=5",
        "https://harbour.example/news/bridge?id=5&fbclid=abc&gclid=&mc_cid=9",
        "https://harbour.example/news/bridge?id=5&partner=rss&emc=rss",
        "https://harbour.example/news/bridge/amp?id=5",
        "https://harbour.example/amp/news/bridge?id=5",
        "https://harbour.example/news/bridge?amp=1&id=5",
        "https://harbour.example/news/bridge;jsessionid=1A2B?id=5",
        "https://www.google.com/amp/s/www.harbour.example/news/bridge?id=5",
        "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/news/bridge?id=5",
        "  https://harbour.example/news/bridge?&id=5&  ",
    ],
)
def test_addresses_of_one_article_have_one_key(url: str) -> None:
    assert normalize_url(url) == KEY


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/news/bridge?id=6",
        "https://harbour.example/news/Bridge?id=5",
        "https://harbour.example:8080/news/bridge?id=5",
        "https://news.harbour.example/news/bridge?id=5",
        "https://harbour.example/news/bridge?id=5#!/part/2",
        "https://harbour.example/news/bridge?id=5&page=2",
        "https://harbour.example/news/bridge?id=5&from=1",
        "https://harbour.example/news/bridge%2F?id=5",
        "https://harbour.example/news/champ?id=5",
    ],
)
def test_addresses_of_other_articles_have_other_keys(url: str) -> None:
    assert normalize_url(url) != KEY


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:x/", "http://harbour.example:99999/", "http://[::1/", "javascript:alert(1)", "urn:monitor:1", ""]
)
def test_what_is_no_address_is_its_own_key(url: str) -> None:
    assert normalize_url(url) == url


def test_the_order_of_parameters_stays() -> None:
    assert normalize_url("https://harbour.example/?b=2&a=1") == "http://harbour.example/?b=2&a=1"


def test_letters_beyond_ascii_have_one_spelling() -> None:
    assert normalize_url("https://한국.kr/기사?번호=1") == normalize_url("http://xn--3e0b707e.kr/%EA%B8%B0%EC%82%AC?%EB%B2%88%ED%98%B8=1")


@given(st.text(max_size=60), st.sampled_from(["http://a.example/", "https://www.b.example/x?", "http://", ""]))
def test_a_key_is_its_own_key(text: str, start: str) -> None:
    key = normalize_url(start + text)
    assert normalize_url(key) == key


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.harbour.example", "harbour.example"),
        ("a.b.harbour.example", "harbour.example"),
        ("news.harbour.co.kr", "harbour.co.kr"),
        ("harbour.co.uk", "harbour.co.uk"),
        ("www.harbour.de", "harbour.de"),
        ("ann.blogspot.com", "ann.blogspot.com"),
        ("www.ann.blogspot.com", "ann.blogspot.com"),
        ("127.0.1.3", "127.0.1.3"),
        ("localhost", "localhost"),
    ],
)
def test_the_registered_part_of_a_host(host: str, site: str) -> None:
    assert registrable(host) == site


PAGE = "https://news.harbour.example/2018/bridge?id=5"


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.harbour.example/bridge",
        "http://news.harbour.example/2018/bridge",
        "https://harbour.example/?p=5",
        "https://harbour.example/#!/5",
    ],
)
def test_a_canonical_address_of_the_site_counts(canonical: str) -> None:
    assert pick_canonical(PAGE, canonical) == canonical


@pytest.mark.parametrize(
    "canonical",
    [
        None,
        "",
        "https://harbour.example",
        "https://harbour.example/",
        "https://harbour.example/index.html",
        "https://harbour.example/en/",
        "https://other.example/2018/bridge",
        "javascript:alert(1)",
        "/2018/bridge",
        "https://harbour.example:x/bridge",
        "https://harbour.example/" + "a" * 3000,
    ],
)
def test_a_front_page_or_another_site_does_not(canonical: str | None) -> None:
    assert pick_canonical(PAGE, canonical) is None


def test_another_port_of_an_address_is_another_site() -> None:
    assert pick_canonical("http://127.0.0.1:80/a", "http://127.0.0.1:81/a") is None
    assert pick_canonical("http://127.0.0.1:81/a", "http://127.0.0.1:81/b") == "http://127.0.0.1:81/b"
    assert pick_canonical("http://a.blogspot.com/1", "http://b.blogspot.com/1") is None
