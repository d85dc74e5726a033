"""Articles on several pages: which address goes on with an article, what the page's own link says, how parts become one text."""

from __future__ import annotations

import pytest

from monitor.articles import joined, read_page
from monitor.articles.parts import is_next
from monitor.model import PageText
from tests.support.pages import prose

SITE = "https://paper.example"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/story.html", "/story_2.html"),
        ("/story.html", "/story-2.html"),
        ("/story.html", "/story,2.html"),
        ("/story.html", "/story-seite-2.html"),
        ("/story.html", "/story.html?p=2"),
        ("/story", "/story/2"),
        ("/story/", "/story/2/"),
        ("/story/", "/story/seite-2"),
        ("/story/", "/story/page/2/"),
        ("/story/page/2/", "/story/page/3/"),
        ("/story/2", "/story/3"),
        ("/story/9", "/story/10"),
        ("/story-12345.html", "/story-12345-2.html"),
        ("/2018/10/29/story.html", "/2018/10/29/story.html?pagina=2"),
        ("/view.php?id=5", "/view.php?id=5&page=2"),
        ("/view.php?id=5&page=2", "/view.php?id=5&page=3"),
        ("/story", "/story?page=1"),
        ("/story?page=1", "/story?page=2"),
    ],
)
def test_a_page_number_one_higher_goes_on(here: str, there: str) -> None:
    assert is_next(SITE + here, SITE + there)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/story", "/story"),
        ("/story", "/another"),
        ("/story", "/story/3"),
        ("/story", "/story-1"),
        ("/story", "/story-2018"),
        ("/story/12", "/story/123"),
        ("/story/3", "/story/2"),
        ("/story-123.html", "/story-124.html"),
        ("/?p=123", "/?p=124"),
        ("/2018/10/29/story", "/2018/10/30/another"),
        ("/news/1001", "/news/1002"),
        ("/story", "https://other.example/story/2"),
        ("/story", "http://["),
        ("/story", "mailto:desk@paper.example"),
    ],
)
def test_another_article_does_not(here: str, there: str) -> None:
    assert not is_next(SITE + here, there if ":" in there else SITE + there)


def _page(link: str, seed: object = 1) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in prose(seed, 24))
    head = f"<head><title>A title of a story</title>{link}</head>"
    return f"<html>{head}<body><article><h1>A title of a story</h1>{text}</article></body></html>".encode()


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<link rel="next" href="/story/2">', f"{SITE}/story/2"),
        ('<base href="https://paper.example/story/"><link rel="prefetch next" href="2">', f"{SITE}/story/2"),
        ('<link rel="next" href="/an-older-story">', None),
        ('<link rel="next" href="https://other.example/story/2">', None),
        ('<link rel="next" href="">', None),
        ("", None),
    ],
)
def test_the_page_says_where_its_article_goes_on(link: str, found: str | None) -> None:
    assert read_page(_page(link), f"{SITE}/story", "text/html").next_url == found


def test_a_link_within_the_page_counts_too() -> None:
    page = _page("").replace(b"</article>", b"<a rel='next' href='/story/2'>Continue</a></article>")
    assert read_page(page, f"{SITE}/story", "text/html").next_url == f"{SITE}/story/2"


def _part(body: str, **facts: object) -> PageText:
    return PageText(None, "T", None, None, "en", None, body, **facts)  # type: ignore[arg-type]


def test_parts_are_one_text_and_what_each_repeats_stands_once() -> None:
    whole = joined(
        [
            _part("Standfirst of the story.\nFirst.", furniture="Menu\nShare", cut_lines=2, next_url="x", warnings=("w",)),
            _part("Standfirst of the story.\nSecond.", furniture="Menu\nFirst."),
            _part("Third.", furniture="Menu"),
        ],
        "page 4 of the article was not read whole: the page answered 404",
    )
    assert whole.body == "Standfirst of the story.\nFirst.\nSecond.\nThird."
    assert whole.furniture == "Menu\nShare"
    assert whole.cut_lines == 2
    assert whole.warnings == ("w", "3 pages joined", "page 4 of the article was not read whole: the page answered 404")
    assert whole.next_url is None


def test_one_page_alone_is_as_it_was() -> None:
    assert joined([_part("First.")]).body == "First."
    assert joined([_part("First.")]).warnings == ()


def test_lines_of_signs_alone_are_kept() -> None:
    assert joined([_part("One.\n* * *\nTwo."), _part("* * *\nThree.")]).body == "One.\n* * *\nTwo.\n* * *\nThree."
