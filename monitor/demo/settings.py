"""The configuration that the demo's daemon runs with: a real one, written into the demo's own folder."""

from __future__ import annotations

import base64
import secrets
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.demo.paper import Paper
from monitor.demo.town import SLACK_PATH, WEBHOOK_PATH, Town

RULES = ("sanctions-exemptions", "ffvd")

TEXT = """\
# Written by `monitor demo`; gone when it ends.
defaults: {{timezone: {zone}}}
network:
  allow: [127.0.0.0/8]        # the demo's newspapers and receivers all stand on this machine
  per_host: 8
feeds:
{feeds}
entities:
  FFVD:
    aliases:
      - final, fully verified denuclearization
      - final, fully, verified denuclearization
      - 최종적이고 완전하게 검증된 비핵화
      - نزعا نهائيا وكاملا ومؤكدا للسلاح النووي
rules:
  - name: sanctions-exemptions
    any: [sanctions exemptions, sanctions waiver*, 제재 면제, الإعفاء من العقوبات]
    severity: high
    notify: [terminal, desk, analysts, archive]
  - name: ffvd
    query: entity:FFVD AND NOT site:kcna.kp
    notify: [terminal, desk, archive]
channels:
  terminal: {{type: console}}
  desk: {{type: slack, webhook_url: '{town}{slack}'}}
  analysts: {{type: email, smtp: 'smtp://127.0.0.1:{mail_port}', from: monitor@demo.example, to: [analyst@demo.example]}}
  archive: {{type: webhook, url: '{town}{webhook}', secret: whsec_{secret}}}
operations: [terminal]
"""


def has_dashboard() -> bool:
    """Whether this build of the program has the dashboard."""
    return files("monitor.web").joinpath("templates").is_dir()


def local_zone() -> str:
    """The machine's time zone by its name, UTC where it has none."""
    _, found, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    try:
        return ZoneInfo(name).key if found else "UTC"
    except (ValueError, OSError, LookupError):
        return "UTC"


def _feed(paper: Paper, interval: str) -> str:
    return f"  - {{url: '{paper.feed_url}', name: {paper.plan.name}, tags: [{paper.plan.language}], interval: {interval}}}"


def configuration(town: Town, *, dashboard_port: int | None = None) -> str:
    feeds = "\n".join(_feed(paper, "1s" if number % 2 == 0 else "2s") for number, paper in enumerate(town.papers.values()))
    text = TEXT.format(
        zone=local_zone(),
        feeds=feeds,
        town=town.url,
        slack=SLACK_PATH,
        webhook=WEBHOOK_PATH,
        mail_port=town.mail_port,
        secret=base64.b64encode(secrets.token_bytes(24)).decode(),
    )
    return text if dashboard_port is None else f"{text}web: {{listen: 127.0.0.1:{dashboard_port}}}\n"
