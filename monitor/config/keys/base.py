"""The types that keys are made of: each reads the text of a scalar, and tells editors what it takes."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema
from yarl import URL

from monitor.config.spelling import did_you_mean
from monitor.config.units import Hours, Rate, duration, hours, rate, size, wrong

MAX_URL = 2048
REFERENCE = r"\$\{"  # an editor must take ${ENV} wherever the program does


class Keys(BaseModel):
    """A section or an item of one: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=False, arbitrary_types_allowed=True)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys as people write them, in the order of the model."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _pattern(expression: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "pattern": f"{expression}|{REFERENCE}", **more}


def text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise wrong(_not_a_scalar(value, "text"))


def _not_a_scalar(value: object, wanted: str) -> str:
    if value is None:
        return f"there is no value: {wanted} expected"
    found = "a list" if isinstance(value, list) else "keys and values" if isinstance(value, Mapping) else "something else"
    return f"{found} where {wanted} is expected"


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    written = text(value)
    if written in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return written.lower() == "true"
    meant = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}.get(written.lower())
    raise wrong(f"{written!r} is neither true nor false", expected="true or false", suggestion=f"write {meant}" if meant else None)


@dataclass(frozen=True, slots=True)
class Whole:
    """Annotates a whole number from `least` to `most`."""

    least: int
    most: int

    def read(self, value: object) -> int:
        written = str(value) if isinstance(value, int) else text(value).strip()
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", written, re.ASCII) or not self.least <= int(written) <= self.most:
            raise wrong(f"{written!r} is not a whole number from {self.least} to {self.most}")
        return int(written)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


def printable(value: object) -> str:
    """Text of one line: no control characters."""
    written = text(value)
    if bad := next((char for char in written if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")), None):
        raise wrong(f"a control character (U+{ord(bad):04X}) can't stand here", expected="text of one line")
    return written


def name(value: object) -> str:
    """What rules, feeds, entities and channels may be called (interface, section 11)."""
    written = printable(value)
    if not written.strip():
        raise wrong("a name can't be empty", expected="1 to 100 characters")
    if len(written) > 100:
        raise wrong(f"a name of {len(written)} characters is too long", expected="1 to 100 characters")
    if "/" in written:
        raise wrong(f"a name can't hold a slash: {written!r}", suggestion=f"write '{written.replace('/', '-')}'")
    if written != written.strip():
        raise wrong(f"a name can't begin or end with a space: {written!r}", suggestion=f"write '{written.strip()}'")
    return written


def tag(value: object) -> str:
    """A word or words that rules find by `tag:`."""
    written = printable(value).strip()
    if not 1 <= len(written) <= 100:
        raise wrong("a tag has 1 to 100 characters", expected="a word such as korea")
    return written


def filled(value: object) -> str:
    written = text(value)
    if not written.strip():
        raise wrong("the text is empty", expected="text")
    return written


def _duration(value: object) -> float:
    return duration(text(value))


def _interval(value: object) -> float:
    return duration(text(value), least=1.0)


def _auto_interval(value: object) -> float | None:
    return None if value == "auto" else duration(text(value), least=1.0)


def _age(value: object) -> float | None:
    return None if value == "off" else duration(text(value), least=1.0)


def zone(value: object) -> ZoneInfo:
    written = text(value)
    try:
        return ZoneInfo(written)
    except (OSError, ValueError, LookupError):
        raise wrong(
            f"no time zone is called {written!r}",
            expected="a name such as Asia/Seoul or UTC",
            suggestion=did_you_mean(written, sorted(available_timezones())),
        )


def http_url(value: object) -> str:
    """An address that the program may ask: http or https, with a host, as yarl reads it. A space around it is dropped."""
    written = text(value).strip()
    if len(written) > MAX_URL:
        raise wrong(f"this address has {len(written)} characters", expected=f"at most {MAX_URL} characters")
    if not written or any(char.isspace() or ord(char) < 32 for char in written):
        raise wrong("an address can't be empty or hold a space", expected="an address that begins with https:// or http://")
    try:
        url = URL(written)
        scheme, host, _ = url.scheme, url.host, url.port
    except ValueError as error:
        raise wrong(f"this address can't be read: {str(error)[:100]}", expected="an address such as https://news.example.org/feed.xml")
    if scheme not in ("http", "https"):
        missing = not scheme or "://" not in written
        raise wrong(
            "this is no http or https address" if not missing else "this address does not say https:// or http://",
            expected="an address that begins with https:// or http://",
            suggestion=f"write https://{written}" if missing and "." in written and not scheme else None,
        )
    if not host:
        raise wrong("this address names no host", expected="an address such as https://news.example.org/feed.xml")
    return written


def network(value: object) -> str:
    """An address range such as 10.0.0.0/8, or one address."""
    written = text(value).strip()
    try:
        return str(ipaddress.ip_network(written))
    except ValueError:
        pass
    try:
        wider = str(ipaddress.ip_network(written, strict=False))
    except ValueError:
        raise wrong(f"{written!r} is no address range", expected="a range or an address: 10.0.0.0/8, 192.168.1.5, fd00::/8")
    raise wrong(
        f"{written!r} has bits set beyond its prefix",
        expected="the range's first address",
        suggestion=f"write {wider} or {written.partition('/')[0]}",
    )


def header_name(value: object) -> str:
    written = text(value)
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", written):
        raise wrong(f"{written!r} is no name of a header", expected="letters, digits and -")
    return written


def _terms(value: object) -> str:
    written = text(value)
    if not written.strip():
        raise wrong("an empty term matches nothing", expected="a word, a phrase, =Exact, prefix* or entity:NAME")
    return written


def one_or_more(value: object) -> object:
    """A single text where a list is taken too."""
    return [value] if isinstance(value, str) else value


ANY_SCALAR = {"type": ["string", "number", "boolean"]}
DURATION = _pattern(r"^[0-9]+[smhd]$", examples=["90s", "15m", "6h", "2d"])

Text = Annotated[str, BeforeValidator(text), WithJsonSchema(ANY_SCALAR)]
Line = Annotated[str, BeforeValidator(printable), WithJsonSchema(ANY_SCALAR)]
Filled = Annotated[str, BeforeValidator(filled), WithJsonSchema(ANY_SCALAR)]
Term = Annotated[str, BeforeValidator(_terms), WithJsonSchema(ANY_SCALAR)]
Name = Annotated[
    str,
    BeforeValidator(name),
    WithJsonSchema({"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 100, "pattern": "^[^/]+$"}),
]
Tag = Annotated[str, BeforeValidator(tag), WithJsonSchema({**ANY_SCALAR, "minLength": 1, "maxLength": 100})]
Flag = Annotated[bool, BeforeValidator(boolean), WithJsonSchema({"type": "boolean"})]
Duration = Annotated[float, BeforeValidator(_duration), WithJsonSchema(DURATION)]
Interval = Annotated[float, BeforeValidator(_interval), WithJsonSchema(DURATION)]
AutoInterval = Annotated[float | None, BeforeValidator(_auto_interval), WithJsonSchema({"anyOf": [{"const": "auto"}, DURATION]})]
Age = Annotated[float | None, BeforeValidator(_age), WithJsonSchema({"anyOf": [{"const": "off"}, DURATION]})]
Size = Annotated[int, BeforeValidator(size), WithJsonSchema(_pattern(r"^[0-9]+ ?([KMGT]i?B|B)$", examples=["20GB"]))]
RateText = Annotated[Rate, BeforeValidator(rate), WithJsonSchema(_pattern(r"^[0-9]+/[0-9]+[smhd]$", examples=["10/1h"]))]
HoursText = Annotated[Hours, BeforeValidator(hours), WithJsonSchema({"type": "string", "examples": ["22:00-07:00", "sat-sun 00:00-24:00"]})]
Zone = Annotated[ZoneInfo, BeforeValidator(zone), WithJsonSchema({"type": "string", "examples": ["Asia/Seoul", "UTC"]})]
HttpUrl = Annotated[str, BeforeValidator(http_url), WithJsonSchema(_pattern("^[Hh][Tt][Tt][Pp][Ss]?://", maxLength=MAX_URL))]
Network = Annotated[str, BeforeValidator(network), WithJsonSchema({"type": "string", "examples": ["10.0.0.0/8"]})]
HeaderName = Annotated[str, BeforeValidator(header_name), WithJsonSchema({"type": "string"})]
