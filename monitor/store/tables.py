"""The tables. Times are seconds since the epoch in UTC, as doubles: both databases compare and index them alike.

A row that is due has `due_at`; a row in somebody's hand has `owner` and a `due_at` in the future (the end of its lease);
`since` keeps how long it has been due. `uid` is what the world outside sees, `id` what rows are joined by.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Float, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = sa.MetaData()

# SQLite only numbers rows by itself for INTEGER PRIMARY KEY.
Key = BigInteger().with_variant(Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", Key, primary_key=True, autoincrement=True)


def _claim() -> list[sa.Column[object]]:
    return [sa.Column("due_at", Float), sa.Column("since", Float), sa.Column("owner", Text)]


def _claim_index(table: str, *more: str) -> Index:
    return Index(
        f"{table}_due",
        "due_at",
        *more,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


meta = sa.Table("meta", metadata, sa.Column("key", Text, primary_key=True), sa.Column("value", Text, nullable=False))

instances = sa.Table(
    "instances",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("host", Text, nullable=False, server_default=""),
    sa.Column("pid", Integer),
    sa.Column("version", Text, nullable=False, server_default=""),
    sa.Column("started_at", Float),
    sa.Column("seen_at", Float),
    sa.Column("fingerprint", Text),
    sa.Column("reload_error", Text),
)

feeds = sa.Table(
    "feeds",
    metadata,
    _id(),
    sa.Column("url", Text, nullable=False, unique=True),  # as configured
    sa.Column("name", Text, nullable=False),
    sa.Column("tags", Text, nullable=False, server_default="[]"),
    sa.Column("host", Text, nullable=False),  # of `polled_url`: whose turns it takes
    sa.Column("polled_url", Text, nullable=False),  # where it is asked now: another than `url` once it has moved for good
    sa.Column("configured", Integer, nullable=False, server_default="1"),
    sa.Column("origin", Text, nullable=False, server_default=""),  # file:line, or "managed"
    sa.Column("interval", Float),  # seconds; null is auto
    sa.Column("backlog", Text, nullable=False, server_default="none"),
    sa.Column("body", Text, nullable=False, server_default="auto"),
    sa.Column("title", Text),
    sa.Column("link", Text),
    sa.Column("language", Text),
    sa.Column("format", Text),
    sa.Column("reader", Text),
    sa.Column("moved_to", Text),
    sa.Column("moved_polls", Integer, nullable=False, server_default="0"),
    sa.Column("etag", Text),
    sa.Column("last_modified", Text),
    sa.Column("validator_url", Text),
    sa.Column("body_hash", LargeBinary),
    sa.Column("added_at", Float, nullable=False),
    sa.Column("first_good_at", Float),
    sa.Column("last_poll_at", Float),
    sa.Column("last_good_at", Float),
    sa.Column("last_new_at", Float),
    sa.Column("last_status", Integer),
    sa.Column("last_bytes", Integer),
    sa.Column("last_took", Float),
    sa.Column("last_new", Integer),
    sa.Column("last_total", Integer),
    sa.Column("warnings", Text, nullable=False, server_default="[]"),
    sa.Column("polls", Integer, nullable=False, server_default="0"),
    sa.Column("entries", Integer, nullable=False, server_default="0"),
    sa.Column("error_code", Text),
    sa.Column("error_text", Text),
    sa.Column("failures", Integer, nullable=False, server_default="0"),
    sa.Column("kills", Integer, nullable=False, server_default="0"),  # parser workers it has taken down in a row
    sa.Column("state", Text, nullable=False, server_default="ok"),
    sa.Column("state_since", Float),
    sa.Column("paused_at", Float),
    sa.Column("ended_at", Float),
    sa.Column("rolled_over_at", Float),
    sa.Column("habit", Text),  # what is learnt of its hours, as JSON
    *_claim(),
    _claim_index("feeds"),
)

polls = sa.Table(
    "polls",
    metadata,
    _id(),
    sa.Column("feed_id", Key, nullable=False),
    sa.Column("at", Float, nullable=False),
    sa.Column("status", Integer),
    sa.Column("bytes", Integer),
    sa.Column("new", Integer),
    sa.Column("total", Integer),
    sa.Column("took", Float),
    sa.Column("code", Text),
    sa.Column("text", Text),
    Index("polls_feed", "feed_id", "id"),
)

entries = sa.Table(
    "entries",
    metadata,
    _id(),
    sa.Column("key", LargeBinary, nullable=False, unique=True),  # 128 bits of (feed, guid)
    sa.Column("feed_id", Key, nullable=False),
    sa.Column("guid", Text, nullable=False),
    sa.Column("article_id", Key, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("title", Text),
    sa.Column("published_at", Float),
    sa.Column("updated_at", Float),
    sa.Column("seen_at", Float, nullable=False),
    Index("entries_article", "article_id"),
    Index("entries_feed", "feed_id", "seen_at"),
)

articles = sa.Table(
    "articles",
    metadata,
    _id(),
    sa.Column("key", LargeBinary, nullable=False, unique=True),  # 128 bits of the normalised URL
    sa.Column("url", Text),
    sa.Column("canonical_url", Text),
    sa.Column("host", Text, nullable=False, server_default=""),
    sa.Column("title", Text, nullable=False, server_default=""),
    sa.Column("author", Text),
    sa.Column("site", Text),
    sa.Column("language", Text),
    sa.Column("published_at", Float),
    sa.Column("body", Text, nullable=False, server_default=""),
    sa.Column("text_state", Text, nullable=False),
    sa.Column("why", Text),  # a code: why the text is the feed's
    sa.Column("why_text", Text),
    sa.Column("read_page", Integer, nullable=False, server_default="1"),  # 0: the feed's own text is wanted
    sa.Column("news", Integer, nullable=False, server_default="1"),  # 0: known only as backlog
    sa.Column("rematch", Integer, nullable=False, server_default="0"),
    sa.Column("first_seen_at", Float, nullable=False),
    sa.Column("fetched_at", Float),
    sa.Column("matched_at", Float),
    sa.Column("tries", Integer, nullable=False, server_default="0"),
    sa.Column("story_id", Key),
    sa.Column("duplicate_of", Key),  # another article that is the same page under its canonical address
    *_claim(),
    _claim_index("articles"),
    Index(
        "articles_canonical",
        "canonical_url",
        sqlite_where=sa.text("canonical_url IS NOT NULL"),
        postgresql_where=sa.text("canonical_url IS NOT NULL"),
    ),
    Index("articles_seen", "first_seen_at"),
    Index("articles_host", "host"),
    Index("articles_story", "story_id"),
)

pages = sa.Table(
    "pages",
    metadata,
    sa.Column("article_id", Key, primary_key=True, autoincrement=False),
    sa.Column("status", Integer),
    sa.Column("bytes", Integer),
    sa.Column("took", Float),
    sa.Column("cut_lines", Integer, nullable=False, server_default="0"),
    sa.Column("furniture", Text, nullable=False, server_default=""),
    sa.Column("warnings", Text, nullable=False, server_default="[]"),
)

docs = sa.Table(
    "docs",
    metadata,
    _id(),
    sa.Column("article_id", Key, nullable=False, unique=True),
    sa.Column("at", Float, nullable=False),  # when the article came
    sa.Column("words", TSVECTOR().with_variant(Text, "sqlite")),  # on SQLite they are in doc_words_N, under this row's id
    Index("docs_at", "at"),
    Index("docs_words", "words", postgresql_using="gin", sqlite_where=sa.text("words IS NOT NULL")),
    # An id is never used twice: what was indexed under it can't be deleted.
    sqlite_autoincrement=True,
)

stories = sa.Table(
    "stories",
    metadata,
    _id(),
    sa.Column("article_id", Key, nullable=False),
    sa.Column("articles", Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Float, nullable=False),
)

sketches = sa.Table(
    "sketches",
    metadata,
    sa.Column("shingle", BigInteger, primary_key=True, autoincrement=False),
    sa.Column("article_id", Key, primary_key=True, autoincrement=False),
    Index("sketches_article", "article_id"),
    sqlite_with_rowid=False,
)

rules = sa.Table(
    "rules",
    metadata,
    _id(),
    sa.Column("name", Text, nullable=False, unique=True),
    sa.Column("query", Text, nullable=False),
    sa.Column("severity", Text, nullable=False),
    sa.Column("notify", Text, nullable=False, server_default="[]"),
    sa.Column("origin", Text, nullable=False, server_default=""),
    sa.Column("configured", Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Float, nullable=False),
    sa.Column("changed_at", Float, nullable=False),
)

matches = sa.Table(
    "matches",
    metadata,
    _id(),
    sa.Column("rule_id", Key, nullable=False),
    sa.Column("article_id", Key, nullable=False),
    sa.Column("alert_id", Key),
    sa.Column("reason", Text),  # why there is no alert of its own: story-told
    sa.Column("spans", Text, nullable=False),
    sa.Column("created_at", Float, nullable=False),
    UniqueConstraint("rule_id", "article_id", name="matches_once"),
    Index("matches_article", "article_id"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _id(),
    sa.Column("uid", Text, nullable=False, unique=True),
    sa.Column("rule_id", Key, nullable=False),
    sa.Column("rule", Text, nullable=False),
    sa.Column("query", Text, nullable=False),  # as it was when it alerted
    sa.Column("notify", Text, nullable=False, server_default="[]"),  # the channels that were to hear of it
    sa.Column("severity", Text, nullable=False),
    sa.Column("article_id", Key, nullable=False),
    sa.Column("story_id", Key, nullable=False),
    sa.Column("round", Integer, nullable=False, server_default="0"),  # counts again: on_change
    sa.Column("articles", Integer, nullable=False, server_default="1"),  # of the story when it alerted
    sa.Column("note", Text),  # what its messages say besides: a mute that ended, why it is escalated
    sa.Column("state", Text, nullable=False, server_default="open"),
    sa.Column("reason", Text),
    sa.Column("assignee", Text),
    sa.Column("muted_by", Key),
    sa.Column("throttled_until", Float),  # its rule had alerted often enough
    sa.Column("escalate_at", Float),  # when others hear of it unless somebody takes it
    sa.Column("created_at", Float, nullable=False),
    sa.Column("changed_at", Float, nullable=False),
    sa.Column("changed_by", Text),
    sa.Column("previous", Text),  # JSON: what undo restores
    sa.Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("rule_id", "story_id", "round", name="alerts_once"),
    Index("alerts_article", "article_id"),
    Index("alerts_state", "state", "id"),
    Index("alerts_made", "rule_id", "created_at"),
    Index(
        "alerts_escalate",
        "escalate_at",
        sqlite_where=sa.text("escalate_at IS NOT NULL"),
        postgresql_where=sa.text("escalate_at IS NOT NULL"),
    ),
)

notes = sa.Table(
    "notes",
    metadata,
    _id(),
    sa.Column("alert_id", Key, nullable=False),
    sa.Column("at", Float, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    Index("notes_alert", "alert_id"),
)

lanes = sa.Table(
    "lanes",
    metadata,
    _id(),
    sa.Column("channel", Text, nullable=False, unique=True),
    sa.Column("type", Text, nullable=False),
    sa.Column("target", Text, nullable=False, server_default=""),  # redacted
    sa.Column("human", Integer, nullable=False, server_default="0"),
    sa.Column("min_severity", Text),
    sa.Column("digest", Text),  # cron
    sa.Column("digest_at", Float),  # when the next one is due; notices do not wait for it
    sa.Column("digest_empty", Text, nullable=False, server_default="skip"),
    sa.Column("on_unknown", Text, nullable=False, server_default="resend"),
    sa.Column("configured", Integer, nullable=False, server_default="1"),
    sa.Column("off", Integer, nullable=False, server_default="0"),  # answered 410: nothing goes until it is tested or changed
    sa.Column("options_hash", Text, nullable=False, server_default=""),
    sa.Column("failures", Integer, nullable=False, server_default="0"),
    sa.Column("failing_since", Float),
    sa.Column("retry_head", Integer, nullable=False, server_default="0"),
    sa.Column("last_ok_at", Float),
    sa.Column("last_status", Integer),
    sa.Column("last_text", Text),
    *_claim(),
    _claim_index("lanes"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _id(),
    sa.Column("uid", Text, nullable=False, unique=True),
    sa.Column("alert_id", Key),
    sa.Column("notice_id", Key),
    sa.Column("lane_id", Key, nullable=False),
    sa.Column("channel", Text, nullable=False),
    sa.Column("story_id", Key),
    sa.Column("state", Text, nullable=False, server_default="waiting"),
    # Why it is dead, or what it waits for: channel-gone, dropped, final, age, digest, quiet-hours, throttled, gathered.
    sa.Column("reason", Text),
    sa.Column("message", Text),  # the uid of the message it went with; fixed at the first try
    sa.Column("bundle", Text),  # why it goes as one of many: digest, absence, quiet-hours, throttled; fixed with the message
    sa.Column("aside", Integer, nullable=False, server_default="0"),  # goes on by itself and holds nobody up
    sa.Column("due_at", Float),  # when it is aside or held
    sa.Column("held_until", Float),  # quiet hours or a throttle: kept when it has gone, since it counts for the next
    sa.Column("owner", Text),
    sa.Column("tries", Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Float, nullable=False),
    sa.Column("first_try_at", Float),
    sa.Column("last_try_at", Float),
    sa.Column("delivered_at", Float),
    sa.Column("status", Integer),
    sa.Column("text", Text),
    sa.Column("recipients", Text),
    sa.Column("anchor", Text),  # what later messages of its story hang on: it began a thread
    UniqueConstraint("alert_id", "channel", name="deliveries_once"),
    Index(
        "deliveries_lane",
        "lane_id",
        "id",
        sqlite_where=sa.text("delivered_at IS NULL AND state <> 'dead'"),
        postgresql_where=sa.text("delivered_at IS NULL AND state <> 'dead'"),
    ),
    Index("deliveries_state", "state", "id"),
    Index("deliveries_message", "message"),
    Index("deliveries_made", "lane_id", "created_at"),
    Index(
        "deliveries_story",
        "lane_id",
        "story_id",
        sqlite_where=sa.text("message IS NULL AND delivered_at IS NULL"),
        postgresql_where=sa.text("message IS NULL AND delivered_at IS NULL"),
    ),
    Index("deliveries_aside", "lane_id", "due_at", sqlite_where=sa.text("aside = 1"), postgresql_where=sa.text("aside = 1")),
    Index(
        "deliveries_held",
        "lane_id",
        "held_until",
        sqlite_where=sa.text("held_until IS NOT NULL"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    ),
    Index("deliveries_delivered", "delivered_at"),
    Index(
        "deliveries_anchor",
        "lane_id",
        "story_id",
        sqlite_where=sa.text("anchor IS NOT NULL"),
        postgresql_where=sa.text("anchor IS NOT NULL"),
    ),
)

tries = sa.Table(
    "tries",
    metadata,
    _id(),
    sa.Column("delivery_id", Key, nullable=False),
    sa.Column("at", Float, nullable=False),
    sa.Column("delivered", Integer, nullable=False),
    sa.Column("status", Integer),
    sa.Column("text", Text, nullable=False),
    sa.Column("took", Float),
    Index("tries_delivery", "delivery_id"),
)

withheld = sa.Table(
    "withheld",
    metadata,
    sa.Column("alert_id", Key, primary_key=True, autoincrement=False),
    sa.Column("channel", Text, primary_key=True),  # "" where the rule names none
    sa.Column("reason", Text, nullable=False),  # no-channel, severity-floor, muted, channel-gone
)

notices = sa.Table(
    "notices",
    metadata,
    _id(),
    sa.Column("uid", Text, nullable=False, unique=True),
    sa.Column("kind", Text, nullable=False),  # feed, channel, storage, clock, network, config
    sa.Column("key", Text, nullable=False),  # which of them
    sa.Column("subject", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("since", Float, nullable=False),
    sa.Column("cause", Text, nullable=False),
    sa.Column("remedy", Text, nullable=False),
    sa.Column("url", Text),
    sa.Column("created_at", Float, nullable=False),
    sa.Column("ended_at", Float),  # null while the trouble lasts
    Index("notices_subject", "kind", "key", "id"),
)

mutes = sa.Table(
    "mutes",
    metadata,
    _id(),
    sa.Column("uid", Text, nullable=False, unique=True),
    sa.Column("scope", Text, nullable=False),  # JSON: rule, site, feed, story, query
    sa.Column("created_at", Float, nullable=False),
    sa.Column("until", Float),
    sa.Column("ended_at", Float),
    sa.Column("ended_by", Text),
    sa.Column("actor", Text, nullable=False),
    sa.Column("reason", Text, nullable=False, server_default=""),
    sa.Column("muted", Integer, nullable=False, server_default="0"),
    sa.Column("told_end", Integer, nullable=False, server_default="0"),
    sa.Column("version", Integer, nullable=False, server_default="1"),
)

managed = sa.Table(
    "managed",
    metadata,
    sa.Column("kind", Text, primary_key=True),  # feed, rule, entity
    sa.Column("name", Text, primary_key=True),
    sa.Column("yaml", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.Column("actor", Text, nullable=False),
    sa.Column("at", Float, nullable=False),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),  # in commit order: the counter's row is taken last
    sa.Column("at", Float, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),  # alert.created, alert.changed, delivery.changed, feed.changed, config.loaded …
    sa.Column("ids", Text, nullable=False, server_default="[]"),
    sa.Column("before", Text),
    sa.Column("after", Text),
)

counters = sa.Table("counters", metadata, sa.Column("name", Text, primary_key=True), sa.Column("value", BigInteger, nullable=False))

tallies = sa.Table(
    "tallies",
    metadata,
    sa.Column("day", Integer, primary_key=True, autoincrement=False),  # days since the epoch
    sa.Column("kind", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("n", Integer, nullable=False, server_default="0"),
)
