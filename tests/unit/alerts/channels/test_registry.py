"""One line of registration for a channel; others come by entry point."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.alerts import channels
from monitor.alerts.channels import Services, build, names, options_of, registry
from monitor.alerts.channels.base import NetOptions, Options
from monitor.errors import ConfigError

FOLDER = Path(channels.__file__).parent


def test_every_file_is_a_registered_channel() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "base"}
    assert files == set(registry())


def test_every_type_has_options_of_its_own_and_a_schema() -> None:
    for name, options in registry().items():
        assert issubclass(options, Options), name
        schema = options.model_json_schema(by_alias=True)
        assert schema.get("additionalProperties") is False
        described = [key for key, value in schema.get("properties", {}).items() if value.get("description") or "$ref" in value]
        assert described == list(schema.get("properties", {})), f"{name}: a key without a description"


def test_an_unknown_type_says_which_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        options_of("slak")
    assert "no channel type 'slak'" in str(refused.value)
    assert "slack" in str(refused.value.remedy)


def test_common_keys_are_left_aside(written: list[str]) -> None:
    services = Services(client=None, write=written.append)  # type: ignore[arg-type]
    channel = build("terminal", {"type": "console", "min_severity": "high", "digest": "0 7 * * *"}, services)
    assert (channel.type, channel.name, channel.human) == ("console", "terminal", True)


def test_another_package_brings_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Carrier(NetOptions):
        loft: str

    def create(name: str, options: Carrier, services: Services) -> Any:
        made.append((name, options.loft))
        return SimpleNamespace(type="pigeon", name=name)

    module = SimpleNamespace(Options=Carrier, create=create)
    monkeypatch.setitem(sys.modules, "pigeon_channel", module)  # type: ignore[arg-type]
    point = metadata.EntryPoint("pigeon", "pigeon_channel", "monitor.channels")

    def found(**wanted: str) -> metadata.EntryPoints:
        return metadata.EntryPoints([point]).select(**wanted)

    monkeypatch.setattr(channels, "entry_points", found)
    assert "pigeon" in names()
    assert options_of("pigeon") is Carrier
    build("p", {"type": "pigeon", "loft": "north"}, Services(client=None))  # type: ignore[arg-type]
    assert made == [("p", "north")]
    channels._load.cache_clear()
