"""Imports that are kept out, and what of the daemon's own imports must stay out of its main process."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from monitor import memory


def test_a_package_is_as_if_it_were_not_installed() -> None:
    sys.modules.pop("colorsys", None)
    with memory.without("colorsys"), pytest.raises(ImportError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)


def test_one_that_is_loaded_stays() -> None:
    import json

    with memory.without("json"):
        assert importlib.import_module("json") is json
    assert sys.modules["json"] is json


def test_the_daemon_loads_nothing_that_only_others_need() -> None:
    code = (
        "import sys; from monitor import memory\n"
        "with memory.without('rich'):\n    from monitor import daemon, logs\n"
        "print(*{name.partition('.')[0] for name in sys.modules} | {name for name in sys.modules if '.' in name})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "rich",
        "lark",
        "ruamel",
        "trafilatura",
        "feedparser",
        "alembic",
        "snowballstemmer",
        "jinja2",
        "sqlalchemy.orm",
        "monitor.config.loading",
    }
    assert heavy.isdisjoint(loaded), heavy & set(loaded)
