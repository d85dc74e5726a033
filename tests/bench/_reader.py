"""For `daemon`: the same feeds read by `reader` (pypi.org/project/reader), in a process and with libraries of its own.

python _reader.py DATABASE ROUNDS URL… prints JSON: seconds of processor time of a first `update_feeds`, and of the least of
ROUNDS later ones in which nothing has changed. Exit status 3: reader is not installed.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from typing import Any


def main(database: str, rounds: int, urls: list[str]) -> dict[str, Any]:
    """Raises RuntimeError where reader has not read what is there."""
    import reader as library  # type: ignore[import-not-found]

    with library.make_reader(database) as reader:
        for url in urls:
            reader.add_feed(url)
        costs = []
        for _ in range(1 + rounds):
            begun = time.process_time()
            reader.update_feeds(scheduled=False)
            costs.append(time.process_time() - begun)
        feeds, entries = reader.get_feed_counts(), reader.get_entry_counts()
        if feeds.broken or entries.total < len(urls):
            raise RuntimeError(f"reader has read {entries.total} entries; {feeds.broken} feeds are broken")
        return {"version": library.__version__, "cold": costs[0], "unchanged": min(costs[1:]), "entries": entries.total}


if __name__ == "__main__":
    if importlib.util.find_spec("reader") is None:
        sys.exit(3)
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
