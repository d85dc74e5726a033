"""The text of a page's bytes: BOM, then the header's charset, then the page's own word, each only if the bytes bear it out."""

from __future__ import annotations

import codecs
import re

# What browsers read under a label, where Python means less by it (https://encoding.spec.whatwg.org/#names-and-labels).
_AS_BROWSERS = {
    "euc_kr": "cp949", "johab": "cp949", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030",

    "big5": "big5hkscs", "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
_LABELS = {
    "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "ks_c_5601": "cp949", "x-windows-949": "cp949", "windows-949": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932", "x-euc-jp": "euc_jp", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "x-x-big5": "big5hkscs",
    "windows-874": "cp874", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "utf-16": "utf-16-le",
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# Tried where nothing was declared, or what was declared is wrong; the first that decodes nearly all wins.
_GUESSES = ("cp949", "cp932", "gb18030", "big5hkscs", "cp1251", "cp1252")
_LOOK = 4096


def codec_of(label: str | None) -> str | None:
    """Python's name for the encoding that browsers read under `label`; None for an unknown one."""
    if not label:
        return None
    label = label.strip().lower()
    try:
        codec = codecs.lookup(_LABELS.get(label, label))
        b"x".decode(codec.name)  # refuses what is no encoding of text, such as base64
    except (LookupError, ValueError):  # a label of no encoding, or of no text
        return None
    return _AS_BROWSERS.get(codec.name, codec.name)


def declared(html: bytes, content_type: str | None) -> list[str]:
    """The encodings that the header and the page itself name, the header's first."""
    start = html[:_LOOK]
    labels = [match[1] for match in [_HEADER.search(content_type or "")] if match]
    labels += [match[1].decode("ascii", "ignore") for match in (_XML.search(start), _META.search(start)) if match]
    names = [name for name in map(codec_of, labels) if name]
    # A page that can be read as ASCII up to its own declaration can't be UTF-16.
    return list(dict.fromkeys("utf-8" if name.startswith("utf-16") else name for name in names))


def decode(html: bytes, content_type: str | None) -> str:
    """The page's text. U+0000 becomes U+FFFD, as both databases refuse it."""
    return _decode(html, content_type).replace("\x00", "�")


def _decode(html: bytes, content_type: str | None) -> str:
    for bom, name in _BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(name, "replace")
    # Bytes of another encoding are hardly ever valid UTF-8: if these are, a label that says otherwise lies.
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        names = declared(html, content_type)
    for name in names:
        text = html.decode(name, "replace")
        bad = _bad(text)
        if bad <= len(text) // 500 + 2 and (name != "utf-8" or bad * 4 <= _beyond_ascii(text)):
            return text
    return min((html.decode(name, "replace") for name in (*_guesses(html), *names, "utf-8")), key=_bad)


def _bad(text: str) -> int:
    return text.count("�")


def _beyond_ascii(text: str) -> int:
    return len(text.encode("utf-8")) - len(text) - 2 * _bad(text)


def _guesses(html: bytes) -> tuple[str, ...]:
    """Single-byte encodings decode anything, so that they are tried only where the text has their look."""
    sample = html[:200_000]
    high = [byte for byte in sample if byte >= 0x80]
    # Cyrillic is mostly high bytes, and mostly of the letters' range; in Latin text they stand alone.
    cyrillic = len(high) > 200 and sum(byte >= 0xC0 for byte in high) > len(high) * 0.9 and _runs(sample) > 3
    if cyrillic:
        return ("cp1251",)
    return _GUESSES[:4] if _runs(sample) > 1.5 else ("cp1252",)


def _runs(sample: bytes) -> float:
    """How long the runs of high bytes are on average."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return sum(map(len, runs)) / len(runs) if runs else 0.0
