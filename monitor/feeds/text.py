"""Visible plain text of what feeds write: entities decoded, markup gone, white space tidy.

Titles and summaries become one line; contents keep a line end between blocks. Words are never invented or dropped: an
unknown `<word>` in text that is not declared to be HTML stands as it is, for people write about `List<String>`.
"""

from __future__ import annotations

import re
from html import unescape

_HIDDEN = re.compile(r"<(script|style|template|noframes)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][a-zA-Z\[][^>]*>", re.S)
_BLOCKS = (
    "address|article|aside|blockquote|br|canvas|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hgroup|hr|legend|li|main|menu|nav|ol|optgroup|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|applet|area|audio|b|base|basefont|bdi|bdo|big|body|button|cite|code|col|colgroup|data|datalist|del|dfn|em|embed|font|frame|"
    "frameset|head|html|i|iframe|img|input|ins|kbd|label|link|map|mark|meta|meter|nobr|noscript|object|output|param|path|picture|progress|q|rp|rt|"
    "ruby|s|samp|script|select|small|source|span|strike|strong|style|sub|sup|svg|template|textarea|time|title|track|tt|u|var|video|wbr"
)
_ATTRIBUTES = r"(?:\s[^>]*|/)?"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS}){_ATTRIBUTES}>", re.I)
_KNOWN = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}>", re.I)
_ANY = re.compile(r"</?[a-zA-Z][^>]*>")
_CLOSING = re.compile(r"</\w+>|&#?\w+;")
_NAMES = re.compile(r"</?(\w+)")
_ALL_NAMES = re.compile(rf"(?:{_BLOCKS}|{_INLINE})\Z", re.I)
_BAD = re.compile("[\x00\ud800-\udfff]")


def mend(text: str) -> str:
    """U+0000 and lone surrogates, which no database takes, become U+FFFD: the length, and so every offset, stays."""
    return _BAD.sub("�", text)


def looks_like_html(text: str) -> bool:
    """Whether text of no declared type is HTML: it closes a tag or has an entity, and all its tags are known ones."""
    return _CLOSING.search(text) is not None and all(_ALL_NAMES.match(name) for name in _NAMES.findall(text))


def lines(text: str, *, html: bool = True) -> str:
    """Visible text with one line end between blocks. `html` False: known tags go, anything else in `<>` stays."""
    broken = _strip(text, html)
    if not html and "\n" in text and "<" not in text:
        broken = text if "&" not in text else unescape(text)
    kept = [" ".join(line.split()) for line in broken.split("\n")]
    return mend("\n".join(line for line in kept if line))


def line(text: str, *, html: bool = True) -> str:
    """Visible text on one line."""
    return mend(" ".join(_strip(text, html).split()))


def _strip(text: str, html: bool) -> str:
    if "<" in text:
        text = _COMMENT.sub("", _HIDDEN.sub("", text))
        text = text.replace("\r", " ").replace("\n", " ")
        text = _BLOCK.sub("\n", text)
        text = (_ANY if html else _KNOWN).sub("", text)
    elif html:
        text = text.replace("\n", " ")
    return unescape(text) if "&" in text else text


def plain_lines(text: str) -> str:
    """Text that is declared plain: its own line ends are kept, nothing is decoded."""
    kept = [" ".join(line.split()) for line in text.splitlines()]
    return mend("\n".join(line for line in kept if line))
