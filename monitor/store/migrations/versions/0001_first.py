"""The first schema, as it was made. It never changes: what comes later is a migration of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("rule_id", Key, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("notify", sa.Text(), server_default="[]", nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="1", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("muted_by", Key, nullable=True),
        sa.Column("throttled_until", sa.Float(), nullable=True),
        sa.Column("escalate_at", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule_id", "story_id", "round", name="alerts_once"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("alerts_article", "alerts", ["article_id"], unique=False)
    op.create_index(
        "alerts_escalate",
        "alerts",
        ["escalate_at"],
        unique=False,
        sqlite_where=sa.text("escalate_at IS NOT NULL"),
        postgresql_where=sa.text("escalate_at IS NOT NULL"),
    )
    op.create_index("alerts_made", "alerts", ["rule_id", "created_at"], unique=False)
    op.create_index("alerts_state", "alerts", ["state", "id"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Float(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("text_state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("why_text", sa.Text(), nullable=True),
        sa.Column("read_page", sa.Integer(), server_default="1", nullable=False),
        sa.Column("news", sa.Integer(), server_default="1", nullable=False),
        sa.Column("rematch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_seen_at", sa.Float(), nullable=False),
        sa.Column("fetched_at", sa.Float(), nullable=True),
        sa.Column("matched_at", sa.Float(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("story_id", Key, nullable=True),
        sa.Column("duplicate_of", Key, nullable=True),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("since", sa.Float(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "articles_canonical",
        "articles",
        ["canonical_url"],
        unique=False,
        sqlite_where=sa.text("canonical_url IS NOT NULL"),
        postgresql_where=sa.text("canonical_url IS NOT NULL"),
    )
    op.create_index(
        "articles_due",
        "articles",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("articles_host", "articles", ["host"], unique=False)
    op.create_index("articles_seen", "articles", ["first_seen_at"], unique=False)
    op.create_index("articles_story", "articles", ["story_id"], unique=False)
    op.create_table(
        "changes",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), server_default="[]", nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("alert_id", Key, nullable=True),
        sa.Column("notice_id", Key, nullable=True),
        sa.Column("lane_id", Key, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("story_id", Key, nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.Column("aside", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("held_until", sa.Float(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("first_try_at", sa.Float(), nullable=True),
        sa.Column("last_try_at", sa.Float(), nullable=True),
        sa.Column("delivered_at", sa.Float(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("alert_id", "channel", name="deliveries_once"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index(
        "deliveries_anchor",
        "deliveries",
        ["lane_id", "story_id"],
        unique=False,
        sqlite_where=sa.text("anchor IS NOT NULL"),
        postgresql_where=sa.text("anchor IS NOT NULL"),
    )
    op.create_index(
        "deliveries_aside",
        "deliveries",
        ["lane_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("aside = 1"),
        postgresql_where=sa.text("aside = 1"),
    )
    op.create_index("deliveries_delivered", "deliveries", ["delivered_at"], unique=False)
    op.create_index(
        "deliveries_held",
        "deliveries",
        ["lane_id", "held_until"],
        unique=False,
        sqlite_where=sa.text("held_until IS NOT NULL"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    )
    op.create_index(
        "deliveries_lane",
        "deliveries",
        ["lane_id", "id"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL AND state <> 'dead'"),
        postgresql_where=sa.text("delivered_at IS NULL AND state <> 'dead'"),
    )
    op.create_index("deliveries_made", "deliveries", ["lane_id", "created_at"], unique=False)
    op.create_index("deliveries_message", "deliveries", ["message"], unique=False)
    op.create_index("deliveries_state", "deliveries", ["state", "id"], unique=False)
    op.create_index(
        "deliveries_story",
        "deliveries",
        ["lane_id", "story_id"],
        unique=False,
        sqlite_where=sa.text("message IS NULL AND delivered_at IS NULL"),
        postgresql_where=sa.text("message IS NULL AND delivered_at IS NULL"),
    )
    op.create_table(
        "docs",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("article_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("docs_at", "docs", ["at"], unique=False)
    op.create_index("docs_words", "docs", ["words"], unique=False, postgresql_using="gin", sqlite_where=sa.text("words IS NOT NULL"))
    op.create_table(
        "entries",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("feed_id", Key, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Float(), nullable=True),
        sa.Column("updated_at", sa.Float(), nullable=True),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("entries_article", "entries", ["article_id"], unique=False)
    op.create_index("entries_feed", "entries", ["feed_id", "seen_at"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), server_default="[]", nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("polled_url", sa.Text(), nullable=False),
        sa.Column("configured", sa.Integer(), server_default="1", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("interval", sa.Float(), nullable=True),
        sa.Column("backlog", sa.Text(), server_default="none", nullable=False),
        sa.Column("body", sa.Text(), server_default="auto", nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("reader", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_polls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("validator_url", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.Column("first_good_at", sa.Float(), nullable=True),
        sa.Column("last_poll_at", sa.Float(), nullable=True),
        sa.Column("last_good_at", sa.Float(), nullable=True),
        sa.Column("last_new_at", sa.Float(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_bytes", sa.Integer(), nullable=True),
        sa.Column("last_took", sa.Float(), nullable=True),
        sa.Column("last_new", sa.Integer(), nullable=True),
        sa.Column("last_total", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.Text(), server_default="[]", nullable=False),
        sa.Column("polls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_text", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kills", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="ok", nullable=False),
        sa.Column("state_since", sa.Float(), nullable=True),
        sa.Column("paused_at", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("rolled_over_at", sa.Float(), nullable=True),
        sa.Column("habit", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("since", sa.Float(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_index(
        "feeds_due",
        "feeds",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "instances",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.Float(), nullable=True),
        sa.Column("seen_at", sa.Float(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("reload_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "lanes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("human", sa.Integer(), server_default="0", nullable=False),
        sa.Column("min_severity", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("digest_at", sa.Float(), nullable=True),
        sa.Column("digest_empty", sa.Text(), server_default="skip", nullable=False),
        sa.Column("on_unknown", sa.Text(), server_default="resend", nullable=False),
        sa.Column("configured", sa.Integer(), server_default="1", nullable=False),
        sa.Column("off", sa.Integer(), server_default="0", nullable=False),
        sa.Column("options_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.Float(), nullable=True),
        sa.Column("retry_head", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_ok_at", sa.Float(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_text", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("since", sa.Float(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel"),
    )
    op.create_index(
        "lanes_due",
        "lanes",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "managed",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
    )
    op.create_table(
        "matches",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("rule_id", Key, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("alert_id", Key, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule_id", "article_id", name="matches_once"),
    )
    op.create_index("matches_article", "matches", ["article_id"], unique=False)
    op.create_table(
        "meta", sa.Column("key", sa.Text(), nullable=False), sa.Column("value", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("key")
    )
    op.create_table(
        "mutes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("muted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_end", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_table(
        "notes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("alert_id", Key, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notes_alert", "notes", ["alert_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("notices_subject", "notices", ["kind", "key", "id"], unique=False)
    op.create_table(
        "pages",
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("took", sa.Float(), nullable=True),
        sa.Column("cut_lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("furniture", sa.Text(), server_default="", nullable=False),
        sa.Column("warnings", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "polls",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("feed_id", Key, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("took", sa.Float(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("polls_feed", "polls", ["feed_id", "id"], unique=False)
    op.create_table(
        "rules",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("notify", sa.Text(), server_default="[]", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("configured", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "sketches",
        sa.Column("shingle", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shingle", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("sketches_article", "sketches", ["article_id"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("articles", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tallies",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "key"),
    )
    op.create_table(
        "tries",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("delivery_id", Key, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("took", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tries_delivery", "tries", ["delivery_id"], unique=False)
    op.create_table(
        "withheld",
        sa.Column("alert_id", Key, autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "channel"),
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('changes', 0)")
