"""Visible plain text of what feeds write: entities decoded, markup gone, white space tidy.

Titles and summaries become one line; contents keep a line end between blocks. Words are never invented or dropped: an
unknown `<word>` in text that is not declared to be HTML stands as it is, for people write about `List<String>`.

Every pattern here stops at the next `<`, so that none is worse than linear on hostile text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

HTML_TYPES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})

_BLOCKS = (
    "address", "article", "aside", "blockquote", "br", "canvas", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li",
    "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
)  # fmt: skip
_INLINES = (
    "a", "abbr", "acronym", "applet", "area", "audio", "b", "base", "basefont", "bdi", "bdo", "big", "body", "button", "cite", "code",
    "col", "colgroup", "data", "datalist", "del", "dfn", "em", "embed", "font", "frame", "frameset", "head", "html", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "link", "map", "mark", "meta", "meter", "nobr", "noframes", "noscript", "object", "output", "param",
    "path", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "select", "small", "source", "span", "strike",
    "strong", "style", "sub", "sup", "svg", "template", "textarea", "time", "title", "track", "tt", "u", "var", "video", "wbr",
)  # fmt: skip
_ALL_NAMES = frozenset(_BLOCKS) | frozenset(_INLINES)


def _any_case(names: Sequence[str]) -> str:
    """An alternation of `names` that needs no IGNORECASE, which costs four times as much."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name[0], []).append(name[1:])
    spelled = {letter: "|".join(_spell(rest) for rest in sorted(rests, key=len, reverse=True)) for letter, rests in groups.items()}
    return "|".join(f"{_spell(letter)}(?:{rests})" for letter, rests in spelled.items())


def _spell(name: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter for letter in name)


_HIDDEN = re.compile(rf"<({_any_case(['script', 'style'])})(?=[\s/>])[^<>]*>.*?(?:</\1\s*>|\Z)", re.S | re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][a-zA-Z\[][^<>]*>", re.S)
_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9:-]*+)[^>]*+>|!--.*?(?:-->|\Z)|!\[CDATA\[|[!?][a-zA-Z\[][^>]*>)", re.S)
_BLOCK = re.compile(rf"</?(?:{_any_case(_BLOCKS)})(?=[\s/>])[^<>]*>")
_KNOWN = re.compile(rf"</?(?:{_any_case(_INLINES)})(?=[\s/>])[^<>]*>")
_QUOTED = re.compile(r"<([a-zA-Z][^\s<>\"'/]*)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>")
_REST = re.compile(r"[\"']\s*/?>|[\"']\s+[\w-]+=")
_OPENED = re.compile(rf"<(?:[/!]|(?:{_any_case([*_BLOCKS, *_INLINES])})(?=/|\s*(?:\Z|\.\.\.|…)|\s+[\w:-]{{1,50}}\s*(?:=|\Z|\.\.\.|…)))")
_CLOSING = re.compile(r"</\w+>|&#?\w{1,32};")
_NAMES = re.compile(r"</?(\w+)")
_REFERENCE = re.compile(r"&(#?[0-9a-zA-Z]{1,32});")
_BAD = re.compile("[\x00\ud800-\udfff]")
_CP1252 = {
    128: "€", 130: "‚", 131: "ƒ", 132: "„", 133: "…", 134: "†", 135: "‡", 136: "ˆ", 137: "‰", 138: "Š", 139: "‹", 140: "Œ", 142: "Ž",
    145: "‘", 146: "’", 147: "“", 148: "”", 149: "•", 150: "–", 151: "—", 152: "˜", 153: "™", 154: "š", 155: "›", 156: "œ", 158: "ž",
    159: "Ÿ",
}  # fmt: skip
_C1 = re.compile("[\x80-\x9f]")
_SPACES = "\u00a0\u3000\u2009\u202f\u2028\u2029"  # the ones met in feeds; each costs a scan of the text


_BREAK = "\x01"
_SHORT = 300  # characters up to which splitting into words is the quicker way
_HIDING = "\x00"
_SHELL = "\x02"
_HIDING_NAMES = frozenset({"script", "style"})
_BLOCK_NAMES = frozenset(_BLOCKS)


class _Breaks(dict[str | None, str]):
    """What a tag leaves behind: a line end if it is a block's, a mark if it hides what it holds, else nothing."""

    def __missing__(self, name: str | None) -> str:
        if not name:  # a comment, or what opens CDATA
            return _SHELL
        name = name.lower()
        return _BREAK if name.removeprefix("/") in _BLOCK_NAMES else _HIDING if name in _HIDING_NAMES else ""


_BREAKS = _Breaks({name: _BREAK for block in _BLOCKS for name in (block, f"/{block}")})
_BREAKS.update({name: "" for inline in _INLINES for name in (inline, f"/{inline}")})
_BREAKS.update(dict.fromkeys(_HIDING_NAMES, _HIDING))
_break_for = _BREAKS.__getitem__


def mend(text: str) -> str:
    """U+0000 and lone surrogates, which no database takes, become U+FFFD: the length, and so every offset, stays."""
    return _BAD.sub("�", text)


def repair(value: str) -> str:
    """Text that was encoded twice, and windows-1252 in the place of C1 controls, as feedparser mends them."""
    if value.isascii():
        return value
    try:
        value = value.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        pass
    return value.translate(_CP1252) if _C1.search(value) else value


def is_html(value: str, kind: str) -> bool:
    """Whether a value is to be read as HTML: by its declared type, else by its looks."""
    return kind in HTML_TYPES or looks_like_html(value)


def looks_like_html(text: str) -> bool:
    """Whether text of no declared type is HTML: it closes a tag or has an entity, and all its tags are known ones."""
    if "<" not in text and "&" not in text:
        return False
    return _CLOSING.search(text) is not None and all(name.lower() in _ALL_NAMES for name in _NAMES.findall(text))


def lines(text: str, *, html: bool = True) -> str:
    """Visible text with one line end between blocks. `html` False: known tags go, anything else in `<>` stays."""
    text = _tidy(_strip(text) if html else _strip_plain(text))
    return "\n".join(filter(None, map(str.strip, text.split(_BREAK))))


def line(text: str, *, html: bool = True) -> str:
    """Visible text on one line."""
    if "<" in text or "&" in text:
        text = (_strip(text) if html else _strip_plain(text)).replace(_BREAK, " ")
    return one_line(text) if len(text) < _SHORT else _tidy(text).strip()


def one_line(text: str) -> str:
    """Runs of white space become one space. Most titles have none, and to see that is four times as quick."""
    return text.strip() if text.isprintable() and "  " not in text else " ".join(text.split())


def _tidy(text: str) -> str:
    """Runs of spaces and line ends become one space. By plain cuts: word by word it would cost three times as much."""
    if "\r" in text:
        text = text.replace("\r", " ")
    if "\n" in text:
        text = text.replace("\n", " ")
    if "  " in text:
        text = " ".join(filter(None, map(str.strip, text.split("  "))))
    return text


def summary_and_content(summary: tuple[str, str], content: tuple[str, str]) -> tuple[str, str]:
    """Summary on one line and content in lines, each given with its type. Where both are one text it is read once."""
    written, kind = content
    body = lines(written, html=is_html(written, kind)) if written else ""
    if not summary[0]:
        return "", body
    if summary[0] == written:
        return body.replace("\n", " "), body
    return line(summary[0], html=is_html(*summary)), body


def plain_lines(text: str) -> str:
    """Text that is declared plain: its own line ends are kept, nothing is decoded."""
    kept = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(line for line in kept if line)


def _strip(text: str) -> str:
    """HTML without its markup; `_BREAK` parts its blocks."""
    if "<" in text:
        end = text.rfind(">") + 1
        if text.find("<", end) >= 0:
            text = text[:end] + _open_end(text[end:])
        bare = _bare(text)
        if ">" in bare and _REST.search(bare):  # a ">" inside an attribute ended its tag too soon
            text = _QUOTED.sub(r"<\1>", text)
            bare = _bare(text)
        if _HIDING in bare:
            bare = _bare(_HIDDEN.sub("", text)).replace(_HIDING, "")
        text = bare.replace(_SHELL, "").replace("]]>", "") if _SHELL in bare else bare
    return _spaced(decode_references(text) if "&" in text else text)


def _open_end(tail: str) -> str:
    """The end of a text, where no tag is closed any more: cut where a known one begins; any other `<` is one that people wrote."""
    cut = _OPENED.search(tail)
    return (tail if cut is None else tail[: cut.start()]).replace("<", "&lt;")


def _strip_plain(text: str) -> str:
    """Text that is not said to be HTML: known tags go, and its own line ends are breaks."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _KNOWN.sub("", _BLOCK.sub("\n", _COMMENT.sub("", _HIDDEN.sub("", text))))
    return _spaced(decode_references(text) if "&" in text else text).replace("\n", _BREAK)


def _spaced(text: str) -> str:
    if "\t" in text:
        text = text.replace("\t", " ")
    if not text.isascii():
        for space in _SPACES:
            if space in text:
                text = text.replace(space, " ")
    return text


def _bare(text: str) -> str:
    pieces = _TAG.split(text)
    pieces[1::2] = map(_break_for, pieces[1::2])
    return "".join(pieces)


class _References(dict[str, str]):
    """Characters by the names and numbers of their references."""

    def __missing__(self, name: str) -> str:
        found = unescape(f"&{name};") if len(name) < 12 or name[0] != "#" else "�"
        if len(self) < 3_000:
            self[name] = found
        return found


_character_for = _References().__getitem__


def decode_references(text: str) -> str:
    """References that are closed by a semicolon: `AT&T` and `?a=1&copy=2` stand as they are."""
    pieces = _REFERENCE.split(text)
    if len(pieces) == 1:
        return text
    pieces[1::2] = map(_character_for, pieces[1::2])
    return "".join(pieces)
