"""Breaks captured feeds at random and reads them: `python -m tests.support.fuzz_feeds FOLDER COUNT [SEED]`.

FOLDER holds feeds, gzipped or not. Anything but a ParseError is a crash, anything over ten seconds a hang; where the strict
reader is sure of a broken document, it must still agree with feedparser (checked on one in five). Exits 1 at any finding.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from monitor.errors import ParseError
from monitor.feeds import charset
from monitor.feeds.feedparser_reader import parse_tolerant
from monitor.feeds.parse import parse_feed
from monitor.feeds.strict import parse_strict
from monitor.model import ParsedFeed
from tests.support.feeds import mutate

LIMIT = 10.0  # seconds of processor time: other work on the machine is no hang
FIELDS = ("guid", "url", "title", "author", "published_at", "updated_at", "summary", "content")


class Hang(BaseException):
    """Raised by the alarm: no reader may catch it."""


def _alarm(number: int, frame: FrameType | None) -> None:
    raise Hang


def read_all(folder: Path) -> list[bytes]:
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in sorted(folder.iterdir())]


def agree(body: bytes, strict: ParsedFeed) -> bool:
    tolerant = parse_tolerant(charset.mend(charset.without_declaration(charset.decode(body)[0])), None)
    if charset.mend(body.decode("utf-8", "replace")) != body.decode("utf-8", "replace"):
        return True  # references to characters that XML lacks are mended for feedparser alone
    mine = [[getattr(entry, name) for name in FIELDS] for entry in strict.entries]
    return mine == [[getattr(entry, name) for name in FIELDS] for entry in tolerant.entries]


def run(bodies: list[bytes], count: int, seed: int, *, compare: float = 0.2) -> Counter[str]:
    """Reads `count` broken documents; what became of them, with `crash:`, `hang:` and `differs:` for findings."""
    signal.signal(signal.SIGPROF, _alarm)
    found: Counter[str] = Counter()
    for number in range(count):
        random_ = random.Random(f"{seed}/{number}")  # so that one finding can be made again without those before it
        body = mutate(random_.choice(bodies), random_)
        name = f"{seed}/{number} {hashlib.sha256(body).hexdigest()[:12]}"
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        try:
            parsed = parse_feed(body, "https://feeds.example.org/rss")
            found[parsed.reader] += 1
            sure = parse_strict(body, None) if parsed.reader == "strict" and random_.random() < compare else None
            if sure is not None and not agree(body, sure):
                found[f"differs: {name}"] += 1
        except ParseError as error:
            found[f"refused {error.code}"] += 1
        except Hang:
            found[f"hang: {name}"] += 1
        except Exception as error:  # noqa: BLE001 - to find these is what the fuzzer is for
            found[f"crash: {name} {type(error).__name__}: {error}"] += 1
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def main() -> int:
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    started = time.perf_counter()
    found = run(read_all(folder), count, seed)
    for name, times in found.most_common():
        sys.stdout.write(f"{times:8} {name}\n")
    sys.stdout.write(f"{count} documents in {time.perf_counter() - started:.0f} s\n")
    return int(any(name.startswith(("crash", "hang", "differs")) for name in found))


if __name__ == "__main__":
    raise SystemExit(main())
