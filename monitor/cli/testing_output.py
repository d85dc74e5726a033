"""How the answers of rules test, diff and explain are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.cli.output import clean, cut, json_out, note, out, terminal_width, width

_TERMS = 6
_INDENT = " " * 19


def show_test(answer: dict[str, Any], zone: ZoneInfo, *, json_: bool) -> None:
    """Counts by day with bars, terms with counts, samples; and what another rule's query has that this one has not."""
    if json_:
        json_out(answer)
        return
    head = f"{clean(answer['rule'])}   " if answer["rule"] else ""
    out(f"{head}{clean(answer['query'])}   {answer['looked_at']:,} articles in {answer['took_s']:.1f} s")
    judged = answer["judged"]
    said = f" Judged so far: {judged['relevant']} of {judged['judged']} relevant" if judged else ""
    found = f"{many(answer['articles'], 'article')} in {many(answer['stories'], 'story', 'stories')}"
    out(f"{found}: {answer['alerts_a_day']:.1f} alerts a day.{said}")
    for line in bars({day["day"]: day["count"] for day in answer["days"]}):
        out(line)
    terms = [f"{clean(term['term'])} {term['count']:,}" for term in answer["terms"]]
    if terms:
        more = f" · {len(terms) - _TERMS} more" if len(terms) > _TERMS else ""
        out(f" terms   {' · '.join(terms[:_TERMS])}{more}")
    _samples(answer["samples"], answer["articles"], zone)
    for name, what in (("gone", "matched by '{}' alone"), ("new", "not matched by '{}'")):
        if name in answer:
            group = answer[name]
            acked = f", {group['acked']} of them acked" if group.get("acked") else ""
            out(f"{name}: {many(group['count'], 'article')} {what.format(clean(answer['compare']))}{acked}")
            _samples(group["samples"], group["count"], zone)


def bars(days: dict[str, int], room: int = 40) -> list[str]:
    """Counts by day as lines: the day, a bar as long as its count, the count."""
    most = max(days.values(), default=0)
    lines = []
    for day in sorted(days):
        date = datetime.fromisoformat(day)
        eighths = max(1, round(days[day] / most * min(room, 18) * 8))
        bar = "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8].strip())
        lines.append(f" {date:%d %b} {bar} {days[day]:,}")
    return lines


def _samples(samples: list[dict[str, Any]], count: int, zone: ZoneInfo) -> None:
    room = terminal_width()
    for item in samples:
        at = datetime.fromtimestamp(item["at"], UTC).astimezone(zone)
        out(cut(f" {at:%Y-%m-%d %H:%M}  {clean(_host(item))}  {clean(item['title'])}", room))
        for snippet in item["snippets"][:1]:
            out(_INDENT + around_mark(clean(snippet), room - len(_INDENT)))
    if count > len(samples):
        out(f"{_INDENT}{count - len(samples):,} more: --all")


def around_mark(text: str, room: int) -> str:
    """A snippet that is too wide cut on both sides, so that its first match is seen whole."""
    start = text.find("«")
    end = text.find("»", start) + 1
    if width(text) <= room or start < 0 or end <= 0 or width(text[start:end]) > room - 2:
        return cut(text, room)
    spare = room - width(text[start:end]) - 1
    before = text[:start]
    left = max(spare // 2, spare - width(text[end:]))
    while before and width(before) > left:
        before = before.partition(" ")[2] if " " in before.rstrip() else ""
    shown = before if before == text[:start] else f"…{before}"
    return cut(shown + text[start:], room)


def _host(item: dict[str, Any]) -> str:
    from urllib.parse import urlsplit

    try:
        host = urlsplit(item["url"] or "").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or item["site"] or "–"


def many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def show_difference(answer: dict[str, Any], zone: ZoneInfo, *, json_: bool) -> None:
    if json_:
        json_out(answer)
        return
    room = terminal_width()
    for sign, name in (("-", "lost"), ("+", "gained")):
        for item in answer[name]:
            at = datetime.fromisoformat(item["at"].replace("Z", "+00:00")).astimezone(zone)
            out(cut(f"{sign} {clean(item['rule'])}  {at:%Y-%m-%d %H:%M}  {clean(item['site'] or '–')}  {clean(item['title'])}", room))
    note(
        f"{many(len(answer['lost']), 'alert')} lost, {len(answer['gained']):,} gained: {many(len(answer['changed']), 'rule')} changed, "
        f"{answer['articles']:,} articles in {answer['took_s']:.1f} s"
    )


def show_anatomy(answer: dict[str, Any], *, json_: bool) -> None:
    if json_:
        json_out(answer)
        return
    for line in answer["tree"]:
        out(line.replace("\t", " "))
    wakes = answer["wakes"]
    if wakes is None:
        out("woken by   every article: nothing in it must be there")
    else:
        shown = ", ".join(f"'{clean(key)}'" for key in wakes[:12])
        out(f"woken by   {shown}{f' and {len(wakes) - 12} more' if len(wakes) > 12 else ''}")
    out(f"search     {'by the index' if answer['indexed'] else 'reads every article: no whole word of it is sure'}")
    cost = answer["cost"]
    if cost is not None:
        out(
            f"cost       {cost['us_an_article']:.1f} µs an article; of the newest {cost['articles']:,} "
            f"it was woken by {cost['woken']:,} and matches {cost['matched']:,}"
        )
    for warning in answer["warnings"]:
        advice = f": {clean(warning['suggestion'])}" if warning["suggestion"] else ""
        out(f"warning    query:1:{warning['start'] + 1}: {clean(warning['text'])}{advice}")
