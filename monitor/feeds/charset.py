"""From bytes to text: byte-order mark, header, declaration (RFC 7303), and what the bytes themselves say when those lie."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"Lo\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']\s*([\w.:-]+)")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
# Labels as browsers take them (WHATWG Encoding): what is called latin-1 is windows-1252 in practice.
_ALIASES = {
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "iso_8859-1": "windows-1252", "latin1": "windows-1252",
    "latin-1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "x-sjis": "cp932", "shift_jis": "cp932", "x-euc-jp": "euc-jp", "unicode": "utf-16", "utf8": "utf-8",
}  # fmt: skip
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,400})|([0-9]{1,400}));?")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HIDDEN = re.compile("[\ufdd1-\ufdef]")
_FIRST_NONCHARACTER = 0xFDD0
_SAMPLE = 50_000  # bytes
_MARKUP = re.compile(rb"<[^<>]*>")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIRAGANA = re.compile("[ぁ-ん]")
_FEW = 6
_FORBIDDEN = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


def header_charset(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header, lower case; None where there is none."""
    for part in (content_type or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").strip().lower() or None
    return None


def declared_charset(body: bytes) -> str | None:
    """The encoding that the XML declaration names, lower case; None where there is none."""
    found = _DECLARED.match(body[:1024])
    return found[1].decode("ascii", "replace").lower() if found else None


def is_plain_utf8(body: bytes, content_type: str | None) -> bool:
    """Whether nothing says anything but UTF-8: neither the header, nor the declaration, nor the first bytes."""
    said = {header_charset(content_type), declared_charset(body)}
    return said <= {None, "utf-8", "utf8"} and not any(body.startswith(mark) for mark, _ in _BOMS[1:] + _UNMARKED)


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str | None]:
    """The text of a document, and a warning where the bytes were not what they were said to be.

    Valid UTF-8 beyond ASCII is UTF-8 whatever a single-byte label says; a label that fails is passed over; UTF-8 with a
    few bad bytes keeps its good ones, each bad one U+FFFD; the last resort is windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(name, "replace")), None
    for mark, name in _UNMARKED:
        if body.lstrip(b" \t\r\n").startswith(mark):
            return _clean(body.decode(name, "replace")), None
    labels = [label for label in (header_charset(content_type), declared_charset(body)) if label]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(body, labels)
    if body.isascii():
        for label in labels:
            if label.startswith(("iso-2022", "hz", "utf-7")):
                return _decode_other(body, labels)
    return _clean(text), None


def _decode_other(body: bytes, labels: list[str]) -> tuple[str, str | None]:
    for label in labels:
        name = _ALIASES.get(label, label)
        if name == "utf-8" or name in _FORBIDDEN:
            continue
        try:
            return _clean(body.decode(name)), None  # bytes.decode takes text encodings alone: "zlib" is a LookupError
        except (UnicodeError, LookupError, ValueError):
            continue
    try:  # surrogates written as if they were characters (CESU-8): pairs are put together, single ones are lost
        paired = body.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return _clean(paired), "the text holds surrogates"
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("�")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if good >= bad:
        return _clean(text), f"{bad} sequences are not UTF-8; each became U+FFFD"
    said = labels[0] if labels else "utf-8"
    name = _guess(body)
    return _clean(body.decode(name, "replace")), f"the text is not {said}; read as {name}"


def _guess(body: bytes) -> str:
    """The encoding of bytes that no label fits. In Latin text bytes beyond ASCII are few, and it is windows-1252."""
    sample = body[: body.rfind(b"<", 0, _SAMPLE)] if len(body) > _SAMPLE else body  # "<" is no half of a character anywhere
    words = _MARKUP.sub(b"", sample)
    if len(_HIGH.findall(words)) * _FEW < len(words):
        return "windows-1252"
    for name in ("cp932", "euc-jp"):
        if _is_japanese(words, name):
            return name
    from charset_normalizer import from_bytes  # hardly ever needed

    found = from_bytes(sample).best()
    return "windows-1252" if found is None else _ALIASES.get(found.encoding.replace("_", "-"), found.encoding)


def _is_japanese(words: bytes, encoding: str) -> bool:
    """Whether bytes are Japanese, which guessing by frequencies takes for Korean: at least one character in twenty is hiragana."""
    try:
        text = words.decode(encoding)
    except UnicodeDecodeError:
        return False
    return len(_HIRAGANA.findall(text)) * 20 > len(text) - len(text.encode("ascii", "ignore"))


def _clean(text: str) -> str:
    return text.replace("\x00", "�")


def without_declaration(text: str) -> str:
    """The document without its XML declaration, which no longer holds once it is text."""
    found = _DECLARATION.match(text)
    return text[found.end() :] if found else text


def mend(document: str) -> str:
    """`document` with every reference to a character that XML does not have, which ends a parse, made one to U+FFFD."""
    return _REFERENCE.sub(_mend_reference, document) if "&#" in document else document


def _mend_reference(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    sound = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xDFFF < number < 0xFFFE or 0xFFFF < number < 0x110000
    return found[0] if sound else "&#xFFFD;"


def hide_controls(document: str) -> str:
    """Control characters, which XML forbids, as noncharacters, which it does not; `show_controls` turns them back."""
    return _CONTROL.sub(_hide, document)


def _hide(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_FIRST_NONCHARACTER + code) if code < 32 else "�"


def show_controls(text: str | None) -> str | None:
    return None if text is None else _HIDDEN.sub(lambda found: chr(ord(found[0]) - _FIRST_NONCHARACTER), text)
