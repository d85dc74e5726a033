"""What a site puts around every article: learnt from three of them, only at the edges, never a sentence, and forgotten."""

from __future__ import annotations

from monitor.articles.furniture import Furniture
from monitor.model import PageText
from tests.support.pages import prose


def page(number: int, before: str = "", after: str = "", *, within: str = "") -> PageText:
    text = prose(number, 12)
    lines = [before, text[0], within, *text[1:], after]
    return PageText(None, "T", None, None, "en", None, "\n".join(filter(None, lines)), furniture="Menu", cut_lines=1)


def read(count: int, *args: str, site: str = "a.example", known: Furniture | None = None, start: int = 0, **more: str) -> PageText:
    known = known or Furniture()
    found = page(0)
    for number in range(start, start + count):
        found = known.cut(site, number, page(number, *args, **more))
    return found


def test_a_line_at_the_edge_is_cut_once_it_stood_on_three_articles() -> None:
    assert "Listen to this story" in read(3, "Listen to this story").body
    cut = read(4, "Listen to this story", "Photo: Agency")
    assert cut.body == page(3).body
    assert cut.furniture == "Listen to this story\nPhoto: Agency\nMenu"
    assert cut.cut_lines == 3


def test_the_same_article_read_again_counts_once() -> None:
    known = Furniture()
    for _ in range(6):
        assert "Photo: Agency" in known.cut("a.example", 1, page(1, "", "Photo: Agency")).body


def test_a_sentence_and_what_stands_within_the_text_are_never_cut() -> None:
    sentence = "Sanctions stay in place."
    background = "North Korea has tested missiles many times in the last years and months before it"
    for line in (sentence, background, "“We stand by it”"):
        assert line in read(10, line).body
        assert line in read(10, "", line).body
    assert "What happens next" in read(10, within="What happens next").body


def test_what_no_longer_stands_there_is_forgotten() -> None:
    known = Furniture()
    read(6, "Listen to this story", known=known)
    read(12, known=known, start=100)
    assert "Listen to this story" in read(1, "Listen to this story", known=known, start=200).body


def test_sites_are_apart_and_a_text_without_a_paragraph_is_left_alone() -> None:
    known = Furniture()
    for number in range(5):
        read(1, "Listen", known=known, site=f"{number}.example", start=number)
    assert "Listen" in read(1, "Listen", known=known, site="9.example", start=9).body
    short = PageText(None, "T", None, None, "en", None, "Closed today\nSee you tomorrow")
    for number in range(6):
        assert known.cut("b.example", number, short) is short


def test_only_so_many_sites_are_remembered() -> None:
    known = Furniture()
    for number in range(2_100):
        known.cut(f"{number}.example", 1, page(1, "Listen"))
    assert len(known._sites) == 2_000
