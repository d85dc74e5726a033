"""A news-watching daemon: polls feeds, reads articles, matches watch rules, tells people."""

__version__ = "1.0.0"
