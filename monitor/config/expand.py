"""`${NAME}` and `${file:/path}` in values, with what they stood for remembered as secrets.

`$${` is a plain `${`. There are no defaults and no other forms: a configuration that names what is not there is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from monitor.config.nodes import Part, Scalar
from monitor.config.problems import Place, Report
from monitor.config.scalars import place_in
from monitor.config.source import is_file
from monitor.config.spelling import did_you_mean

MAX_FILE = 64_000
_REFERENCE = re.compile(
    r"\$\$\{|\$\{(?:file:(?P<file>(?:\$\{[A-Za-z_]\w*\}|[^{}$])+)|(?P<env>[A-Za-z_]\w*))\}|(?P<wrong>\$\{[^}\s]*\}?)", re.ASCII
)
_INNER = re.compile(r"\$\{([A-Za-z_]\w*)\}", re.ASCII)
_USER_INFO = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*\Z")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
MIN_SECRET = 4  # shorter values would blacken half of every log


@dataclass(slots=True)
class Expander:
    """Fills references in; `secrets` are the values filled in, `failed` the nodes whose reference could not be filled."""

    env: Mapping[str, str]
    report: Report
    secrets: set[str] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)

    def value(self, node: Scalar, *, secret: bool = True) -> str:
        """The value of `node`; empty, with a problem told, where a reference can't be filled."""
        if "${" not in node.text:
            return node.text
        out: list[str] = []
        parts: list[Part] = []
        done = length = 0
        for match in _REFERENCE.finditer(node.text):
            before = node.text[done : match.start()]
            found = self._resolve(match, node)
            if found is None:
                self.failed.add(id(node))
                return ""
            is_reference = match.group() != "$${"
            if is_reference and _USER_INFO.match(node.text[: match.start()]) and "@" in node.text[match.end() :]:
                found = self._quoted(found, secret)
            elif is_reference and secret and len(found) >= MIN_SECRET:
                self.secrets.add(found)
            length += len(before)
            parts.append(Part(match.start(), match.end(), length, length + len(found)))
            length += len(found)
            out += (before, found)
            done = match.end()
        out.append(node.text[done:])
        self.parts[id(node)] = tuple(parts)
        return "".join(out)

    def _quoted(self, found: str, secret: bool) -> str:
        """A user name or password made fit for a URL; one that is already percent-encoded stays as it is."""
        quoted = _NO_ESCAPE.sub("%25", quote(found, safe="%!$&'()*+,;=~"))
        if secret:
            self.secrets.update(text for text in (found, quoted) if len(text) >= MIN_SECRET)
        return quoted

    def _resolve(self, match: re.Match[str], node: Scalar) -> str | None:
        if match.group() == "$${":
            return "${"
        place = place_in(node, match.start(), match.end())
        if (name := match["env"]) is not None:
            return self._variable(name, place)
        if (path := match["file"]) is not None:
            return self._file(path, node, place)
        advice = "defaults are not taken: set the variable" if re.match(r"\$\{\w+:?[-=?+]", match["wrong"]) else "write $${ for a plain ${"
        expected = "${NAME} or ${file:/path}; $${ stands for a plain ${"
        self.report.error("reference", f"{match['wrong']} is no reference", place, expected=expected, suggestion=advice)
        return None

    def _variable(self, name: str, place: Place) -> str | None:
        if (value := self.env.get(name)) is not None:
            # What is no text in the environment comes as lone surrogates, which no database and no header takes.
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        advice = did_you_mean(name, self.env) or f"set {name}, or take the key out"
        self.report.error("unset-variable", f"the environment variable {name} is not set", place, suggestion=advice)
        return None

    def _file(self, written: str, node: Scalar, place: Place) -> str | None:
        filled: list[str] = []
        done = 0
        for match in _INNER.finditer(written):
            found = self._variable(match[1], place)
            if found is None:
                return None
            filled += (written[done : match.start()], found)
            done = match.end()
        path = node.source.path.parent / "".join((*filled, written[done:]))
        try:
            if not is_file(path):
                raise FileNotFoundError(2, "it is not there")
            with path.open("rb") as stream:
                data = stream.read(MAX_FILE + 1)
            if len(data) <= MAX_FILE:
                return data.decode("utf-8").removesuffix("\n").removesuffix("\r").replace("\x00", "\ufffd")
            why = f"is larger than {MAX_FILE // 1000} kB"
        except UnicodeDecodeError:
            why = "is not UTF-8"
        except (OSError, ValueError) as error:
            why = f"can't be read: {getattr(error, 'strerror', None) or 'not a path'}"
        self.report.error("secret-file", f"the file {written} {why}", place)
        return None
