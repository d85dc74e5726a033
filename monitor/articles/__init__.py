"""Articles: what is read from their pages, and which addresses are the same article."""

from __future__ import annotations

from monitor.articles.page import PartialPage, is_html, read_page
from monitor.articles.urls import normalize_url, pick_canonical

__all__ = ["PartialPage", "is_html", "normalize_url", "pick_canonical", "read_page"]
