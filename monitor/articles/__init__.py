"""Articles: what is read from their pages, and which addresses are the same article."""

from __future__ import annotations

from monitor.articles.page import PartialPage, is_html, read_page
from monitor.articles.parts import MOST_PARTS, joined
from monitor.articles.urls import normalize_url, pick_canonical

__all__ = ["MOST_PARTS", "PartialPage", "is_html", "joined", "normalize_url", "pick_canonical", "read_page"]
