"""An entry of a document, as the store takes it."""

from __future__ import annotations

from monitor.feeds import Identified
from monitor.net import host_key
from monitor.store import entries, feeds


def seen_of(feed: feeds.DueFeed, item: Identified) -> entries.Seen:
    """An identified entry as the store takes it: the longer of its texts, or both."""
    entry = item.entry
    title = entry.title or ""
    summary, content = entry.summary or "", entry.content or ""
    # A summary may be the content over again on one line: it is compared without regard to where lines end.
    told = " ".join(summary.split()) in " ".join(content.split())
    text = content if told else "\n".join(part for part in (summary, content) if part)
    return entries.Seen(
        guid=item.guid,
        article_key=item.article_key,
        url=item.url,
        host=host_key(item.url) if item.url else "",
        title=title,
        author=entry.author,
        published_at=entry.published_at.timestamp() if entry.published_at else None,
        updated_at=entry.updated_at.timestamp() if entry.updated_at else None,
        text=text,
        read_page=feed.body != "feed" and item.url is not None and not item.article_key.startswith("urn:"),
    )


def weight(done: feeds.PollDone) -> float:
    """Of a poll in a commit, where an unchanged feed weighs 1: the rows and words of many entries are much to hold at once."""
    return 1 + len(done.entries or ()) / 4
