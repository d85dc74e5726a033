"""What makes two configurations the same: all that is written, whatever its order, files, comments or environment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor.config.includes import Document
from monitor.config.nodes import Mapping, Node, Scalar, Sequence


def fingerprint(document: Document, files: Iterable[Path]) -> str:
    """16 hex digits over the values as written (references unfilled, so no secret goes in) and the bytes of OPML files.

    Two daemons on one store compare it: the last loaded wins, the other warns.
    """
    content = {
        "single": {name: _raw(node) for name, (_, node) in document.single.items()},
        "lists": {name: sorted(_text(node) for node in nodes) for name, nodes in document.lists.items()},
        "named": {name: {key: _raw(node) for key, (_, node) in items.items()} for name, items in document.named.items()},
    }
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    for path in sorted(files):
        try:
            digest.update(path.read_bytes())
        except OSError:
            digest.update(b"\0")  # gone since it was read: the next load says so
    return digest.hexdigest()[:16]


def _raw(node: Node) -> Any:
    if isinstance(node, Scalar):
        return None if node.null else node.text
    if isinstance(node, Sequence):
        return [_raw(item) for item in node.items]
    return {key: _raw(item) for key, item in node.items.items()} if isinstance(node, Mapping) else None


def _text(node: Node) -> str:
    return json.dumps(_raw(node), ensure_ascii=False, sort_keys=True)
