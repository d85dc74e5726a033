"""libyaml's complaints in the words of someone who edits a file, with what is most often meant."""

from __future__ import annotations

import re


def remedy(problem: str, context: str, text: str, index: int) -> tuple[str, str | None, int]:
    """Message, advice and the index that the caret shall point at."""
    line_start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    line_end = min((end for end in (text.find("\n", index), text.find("\r", index)) if end >= 0), default=len(text))
    line = text[line_start:line_end]
    at = text[index : index + 1]
    if at == "\t" or "tab character" in problem:
        return "a tab can't be used to indent", "use spaces", index
    if "${" in line and ("'}'" in problem or "']'" in problem or "node content" in problem):
        return "a ${…} within brackets needs quotes", 'write "${…}"', line_start + line.index("${")
    if "cannot start any token" in problem:
        return f"a value can't begin with {at}", "put it in quotes", index
    if "mapping values are not allowed" in problem:
        if ": " in line[: index - line_start]:
            return "a second ': ' in one line", "put a value that holds ': ' in quotes", index
        first = line_start + len(line) - len(line.lstrip())
        return "this line goes on from the one above, and can't hold a key", "mend the indent, or end the line above with :", first
    if "scanning an alias" in context:
        return "a value that begins with * needs quotes", "put it in quotes", max(line_start, text.rfind("*", 0, index + 1))
    if "scanning an anchor" in context:
        return "a value that begins with & needs quotes", "put it in quotes", max(line_start, text.rfind("&", 0, index + 1))
    if "quoted scalar" in context and "unexpected end" in problem:
        return "a quote is opened and never closed", "close it, or put the whole value in the other kind of quotes", index
    if "escape character" in problem:
        return "this backslash means nothing within double quotes", "write \\\\, or use single quotes", index
    if quoted := _text_after_quote(line, index - line_start):
        return "text goes on after the closing quote", f"put the whole value in {quoted} quotes", index
    if "expected key" in problem or "block end" in problem or "'-' indicator" in problem:
        return "this line's indent fits no line above it", "give keys of one block the same indent", index
    if "flow sequence" in context or "flow mapping" in context:
        bracket = "]" if "sequence" in context else "}"
        return f"a bracket is not closed, or a comma is missing before this: {bracket} expected", None, index
    if "expected ':'" in problem:
        return "a key without ': ' and a value", "write KEY: VALUE", index
    if "document start" in problem:
        return "text stands beside the document", "a file is KEY: VALUE lines", index
    if "directive" in context or "incompatible" in problem:
        return "this directive (a line that begins with %) is not known", "take the line out", line_start
    return f"not YAML: {problem}{' ' + context if context and context != 'None' else ''}", None, index


def _text_after_quote(line: str, column: int) -> str | None:
    """Which quotes would hold a value such as `"a" AND b`, if that is what stands before `column`."""
    before = line[:column].rstrip()
    if not before.endswith(('"', "'")) or not re.match(r"""\s*(- )*([\w-]+: *)?["']""", before):
        return None
    return "single" if before.endswith('"') else "double"
