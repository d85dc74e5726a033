"""Which entries are one, as a single document tells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.identity import LONGEST_GUID, Identified, identify
from monitor.model import FeedEntry, ParsedFeed

FEED = "https://example.org/feed"


def known(*entries: FeedEntry, feed_url: str = FEED) -> list[Identified]:
    parsed = ParsedFeed("rss 2.0", "t", None, None, entries)
    return identify(parsed, feed_url, lambda url: url.split("?")[0].replace("http:", "https:"))


def test_the_guid_is_the_identity_and_the_link_the_article() -> None:
    (one,) = known(FeedEntry("g", "http://h/a?utm_source=x", "T"))
    assert (one.guid, one.article_key, one.url) == ("g", "https://h/a", "http://h/a?utm_source=x")


def test_without_a_guid_the_link_is_the_identity() -> None:
    assert [one.guid for one in known(FeedEntry(None, "http://h/a", "T"), FeedEntry("", "https://h/b?x", "U"))] == [
        "https://h/a",
        "https://h/b",
    ]


def test_one_guid_on_several_items_leaves_the_link_as_identity() -> None:
    found = known(FeedEntry("g", "http://h/a", "A"), FeedEntry("g", "http://h/b", "B"), FeedEntry("other", "http://h/c", "C"))
    assert [one.guid for one in found] == ["https://h/a", "https://h/b", "other"]


def test_one_guid_and_one_link_on_items_of_several_titles_are_several_entries() -> None:
    found = known(*(FeedEntry("front", "http://h/", title) for title in ("A", "B", "C")))
    assert len({one.guid for one in found}) == 3
    assert len({one.article_key for one in found}) == 3
    assert [one.url for one in found] == ["http://h/"] * 3


def test_the_same_item_twice_is_one_entry() -> None:
    found = known(FeedEntry("g", "http://h/a", "A", summary="first"), FeedEntry("g", "http://h/a", "A", summary="second"))
    assert [one.entry.summary for one in found] == ["first"]


def test_a_link_that_many_share_is_no_article() -> None:
    found = known(FeedEntry("1", "http://h/live", "Update one"), FeedEntry("2", "http://h/live", "Update two"))
    assert [one.guid for one in found] == ["1", "2"]
    assert all(one.article_key.startswith("urn:monitor:article:") for one in found)
    assert len({one.article_key for one in found}) == 2


def test_two_guids_for_one_link_and_title_are_one_article() -> None:
    found = known(FeedEntry("1", "http://h/a", "A"), FeedEntry("2", "http://h/a", "A"))
    assert {one.article_key for one in found} == {"https://h/a"}


def test_an_entry_without_link_is_an_article_of_its_own_the_same_at_each_poll() -> None:
    entry = FeedEntry("tag:x", None, "T")
    (first,), (second,), (elsewhere,) = known(entry), known(entry), known(entry, feed_url="https://other.org/")
    assert first.url is None
    assert first.article_key == second.article_key != elsewhere.article_key


def test_without_guid_and_link_a_namesake_that_comes_later_changes_nothing_for_the_older() -> None:
    old, new = FeedEntry(None, None, "Traffic", summary="old"), FeedEntry(None, None, "Traffic", summary="new")
    before = known(old)
    after = known(new, old)
    assert [one.guid for one in after][1] == before[0].guid
    assert len({one.guid for one in after}) == 2


def test_without_guid_and_link_a_changed_date_or_text_is_the_same_entry() -> None:
    assert known(FeedEntry(None, None, "T", summary="a"))[0].guid == known(FeedEntry(None, None, "T", summary="b"))[0].guid


def test_a_guid_of_any_length_is_kept_short() -> None:
    found = known(FeedEntry("x" * 100_000, "http://h/a", "A"), FeedEntry("x" * 99_999, "http://h/b", "B"))
    assert len({one.guid for one in found}) == 2
    assert all(len(one.guid) <= LONGEST_GUID for one in found)


def test_a_link_that_cant_be_normalised_costs_itself_alone() -> None:
    def refuse(url: str) -> str:
        raise ValueError(url)

    parsed = ParsedFeed("rss", None, None, None, (FeedEntry(None, "http://h/a", "A"), FeedEntry("g", None, "B")))
    assert [one.guid for one in identify(parsed, FEED, refuse)] == ["http://h/a", "g"]


parts = st.sampled_from([None, "a", "b"])


@given(st.lists(st.builds(FeedEntry, parts, st.sampled_from([None, "http://h/a", "http://h/b"]), parts, summary=parts), max_size=8))
def test_no_two_entries_share_an_identity_and_none_with_a_title_of_its_own_is_lost(entries: list[FeedEntry]) -> None:
    found = known(*entries)
    assert len({one.guid for one in found}) == len(found)
    assert {entry.title for entry in entries if entry.title} == {one.entry.title for one in found if one.entry.title}
