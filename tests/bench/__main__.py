"""`make bench`: every module of this folder that has `run()`, its figures in a table, and beside them what they are to be.

python -m tests.bench [MODULE…]
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Mapping

from tests import bench

# What a figure is held against: the design's section 7 and the issues' aims, of one core of the usual kind.
REFERENCES: Mapping[str, str] = {
    "unchanged polls a CPU second": "≥ 5,000",
    "unchanged poll, all in, µs": "≤ 200",
    "feeds of 20 entries at first, a CPU second": "≥ 300",
    "feeds of 20 entries at first, a CPU second, of 10,000": "≥ 300",
    "unchanged: reader's cost by ours": "≥ 8",
    "cold: reader's cost by ours": "≥ 2",
    "memory of the main process at 1,000 feeds, MB": "≤ 120",
    "memory of the main process at 10,000 feeds, MB": "≤ 120",
    "new article, 3 rules: workers, µs": "≤ 1.3 × bare trafilatura",
    "3 rules µs": "≤ 500",
    "1000 rules µs": "≤ 500",
    "10000 rules µs": "460",
    "100000 rules µs": "1,130",
    "ms, 99 of 100": "≤ 50",
    "named": "≥ 0.98",
    "rare phrase: ms, 50 found": "≤ 100",
    "backtest: articles a minute, one worker, 100 rules": "≥ 20,000",
    "µs a GET, ours": "≤ 1.3 × bare aiohttp",
}


def modules(wanted: list[str]) -> list[str]:
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    unknown = set(wanted) - set(names)
    if unknown:
        raise SystemExit(f"no such module in tests/bench: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return wanted or names


def lines(figures: Mapping[str, object], under: str = "") -> list[tuple[str, str, str]]:
    """(name, value, reference) of each figure; a group of figures has its name in front."""
    found: list[tuple[str, str, str]] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found += lines(value, f"{under}{name}: ")
        else:
            shown = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
            found.append((f"{under}{name}", shown, REFERENCES.get(name) or REFERENCES.get(name.partition(": ")[2], "")))
    return found


def main() -> None:
    for name in modules(sys.argv[1:]):
        run = getattr(importlib.import_module(f"tests.bench.{name}"), "run", None)
        if run is None:
            continue
        began = time.monotonic()
        figures = run()
        print(f"\n{name} ({time.monotonic() - began:.0f} s)")
        rows = lines(figures or {})
        width = max((len(row[0]) for row in rows), default=0)
        for figure, value, reference in rows:
            print(f"  {figure:<{width}}  {value:>14}  {reference}".rstrip())
        sys.stdout.flush()


if __name__ == "__main__":
    main()
