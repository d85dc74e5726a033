"""`network`: how the program goes out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from monitor.config.keys.base import Flag, HttpUrl, Keys, Line, Network, Text, Whole


class NetworkKeys(Keys):
    """How feeds, pages and channels are reached."""

    allow: tuple[Network, ...] = Field((), description="Private address ranges that feeds, pages and channels may reach, on any port.")
    per_host: Annotated[int, Whole(1, 64)] = Field(2, description="Requests at once on one host.")
    user_agent: Line | None = Field(None, description="What the program calls itself; the default names the project.")
    requests_per_minute: Annotated[int, Whole(1, 100_000)] | None = Field(
        None, description="Polls a minute of all feeds together, shared by what they are likely to bring."
    )
    proxy: HttpUrl | None = Field(None, description="Proxy for all requests.")
    ca_file: Text | None = Field(None, description="Certificates to trust, as PEM; relative to the file that names it.")
    robots: Flag = Field(True, description="Whether robots.txt is kept for pages.")
