"""What matching costs: µs an article of 5.5 KB, all in, for 3 to 100,000 rules, beside a loop of `re` in the same run.

Rules are made up: phrases, AND with NOT, NEAR, entities, prefixes, and 1 % regexes, over the vocabulary of the articles.
"""

from __future__ import annotations

import random
import re
import resource
import threading
import time
from collections.abc import Callable

from monitor.actions.quiet import collections_paused
from monitor.model import Article
from monitor.rules.fold import fold
from monitor.rules.query import Query
from monitor.rules.ruleset import RuleSet
from monitor.rules.tree import And, Entity, EntityTerms, Near, Node, Not, Or, Regex, Term

SIZES = (3, 1_000, 10_000, 100_000)
LENGTH = 5_500
_SYLLABLES = """an ba con de em fo ga hi in jo ka le mo na or pa qui re sa ti un ver wa xi yo ze
    tion ment ing er ist ate ous al"""
_KOREAN = "비핵화 제재 면제 남북 정상 회담 미국 북한 한국 정부 외교 장관 대통령 평양 서울 협상 합의 군사 경제 협력 유엔 안보리 결의"


def _vocabulary(rng: random.Random, size: int) -> list[str]:
    syllables = _SYLLABLES.split()
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choices(syllables, k=rng.randint(1, 4)))] = None
    return list(words)


def _text(rng: random.Random, words: list[str], weights: list[float], length: int) -> str:
    out: list[str] = []
    size = 0
    while size < length:
        sentence = rng.choices(words, weights, k=rng.randint(8, 25))
        sentence[0] = sentence[0].capitalize()
        sentence[len(sentence) // 2] += rng.choice([",", "’s", ";", ""])
        out.append(" ".join(sentence) + ".")
        size += len(out[-1]) + 1
    return " ".join(out)[:length]


def _korean(rng: random.Random, length: int) -> str:
    nouns = _KOREAN.split()
    particles = ["은", "는", "이", "를", "의", "에서", "과", ""]
    words = [rng.choice(nouns) + rng.choice(particles) for _ in range(length // 3)]
    return " ".join(words)[:length]


def _phrase(rng: random.Random, words: list[str], weights: list[float]) -> Term:
    return Term(" ".join(rng.choices(words, weights, k=rng.choice([2, 2, 2, 3]))))


def make_rules(rng: random.Random, words: list[str], count: int) -> list[tuple[str, Query]]:
    """Mixed rules. Their words are drawn less steeply than those of texts: nobody watches the commonest words."""
    weights = [1 / (rank + 3_000) for rank in range(len(words))]

    def phrase() -> Term:
        return _phrase(rng, words, weights)

    rules: list[tuple[str, Query]] = []
    for number in range(count):
        kind = number % 100
        tree: Node
        if kind == 0:
            tree = Regex(rf"(?i)\b{rng.choice(words)}\w* {rng.choice(words)}")
        elif kind < 45:
            tree = phrase()
        elif kind < 60:
            tree = Or((phrase(), phrase(), phrase()))
        elif kind < 75:
            tree = And((phrase(), Or((phrase(), phrase())), Not(phrase())))
        elif kind < 87:
            tree = Near(phrase(), phrase(), rng.randint(1, 10))
        elif kind < 95:
            tree = Entity("E", (EntityTerms("E", (phrase(), phrase(), Term(rng.choice(words).upper()[:3], True))),))
        else:
            tree = And((Term(rng.choice(words) + "*"), Term(rng.choice(words)), phrase()))
        rules.append((f"rule-{number}", Query("", tree)))
    return rules


def _per_call(call: Callable[[int], object], rounds: int) -> float:
    """µs of CPU, the best of three rounds: the machine may be busy with other work."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        for number in range(rounds):
            call(number)
        best = min(best, time.process_time() - started)
    return best / rounds * 1e6


def _longest_hold(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that `work` takes in a thread, and the longest that this thread could not run meanwhile."""
    thread = threading.Thread(target=work)  # as a reload does it, the collector paused
    started = last = time.perf_counter()
    longest = 0.0
    with collections_paused():
        thread.start()
        while thread.is_alive():
            time.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
    return last - started, longest


def _loop_of_re(rules: list[tuple[str, Query]], articles: list[Article]) -> float:
    """A `re` for each term, tried in turn: what the scan replaces."""

    def terms(node: Node) -> list[str]:
        if isinstance(node, Term):
            return [node.text.rstrip("*")]
        if isinstance(node, Entity):
            return [term.text for one in node.names for term in one.terms]
        parts = getattr(node, "parts", None) or [getattr(node, name) for name in ("left", "right", "part") if hasattr(node, name)]
        return [text for part in parts for text in terms(part)]

    patterns = [re.compile(rf"\b{re.escape(text)}\b", re.IGNORECASE) for _, query in rules for text in terms(query.tree)]
    started = time.process_time()
    for pattern in patterns:
        pattern.search(articles[0].body)
    return (time.process_time() - started) * 1e6


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, float | str]:
    """Figures by name. Times are µs an article (or what the name says); memory is what the process has gained."""
    rng = random.Random(6)
    words = _vocabulary(rng, 20_000)
    weights = [1 / (rank + 5) for rank in range(len(words))]
    articles = [Article(title=_text(rng, words, weights, 70), body=_text(rng, words, weights, LENGTH)) for _ in range(100)]
    korean = [_korean(rng, LENGTH // 3) for _ in range(50)]
    figures: dict[str, float | str] = {
        "fold latin µs/KB": _per_call(lambda n: fold(articles[n % 100].body).scan, 200) / (LENGTH / 1000),
        "fold and map latin µs/KB": _per_call(lambda n: fold(articles[n % 100].body).end(60), 200) / (LENGTH / 1000),
        "fold korean µs/KB": _per_call(lambda n: fold(korean[n % 50]).scan, 200) / (len(korean[0].encode()) / 1000),
        "fold and map korean µs/KB": _per_call(lambda n: fold(korean[n % 50]).end(60), 200) / (len(korean[0].encode()) / 1000),
    }
    for size in sizes:
        rules = make_rules(random.Random(size), words, size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        made: list[RuleSet] = []
        took, hold = _longest_hold(lambda rules=rules, made=made: made.append(RuleSet.compile(rules)))  # type: ignore[misc]
        ruleset = made[0]
        for article in articles[:20]:
            ruleset.match(article)
        figures[f"{size} rules µs"] = _per_call(lambda n, ruleset=ruleset: ruleset.match(articles[n % 100]), 200)  # type: ignore[misc]
        figures[f"{size} rules matches an article"] = sum(len(ruleset.match(article)) for article in articles) / len(articles)
        figures[f"{size} rules compile s"] = took
        figures[f"{size} rules compile, longest hold ms"] = hold * 1000
        figures[f"{size} rules memory MB"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        if size <= 10_000:
            figures[f"{size} rules, loop of re µs"] = _loop_of_re(rules, articles)
    for name, value in figures.items():
        print(f"{name:40} {value:12.1f}" if isinstance(value, float) else f"{name:40} {value}")
    return figures


if __name__ == "__main__":
    run()
