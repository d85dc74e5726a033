"""`channels`: the keys that every type takes; a type's own are the `Options` of its file in monitor/alerts/channels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from monitor.config.keys.base import Duration, HoursText, Keys, Name, RateText, Text, one_or_more
from monitor.config.units import wrong
from monitor.model import Severity


class Escalate(Keys):
    """Who hears of an alert that nobody took."""

    after: Duration = Field(description="How long an alert may stay open.")
    to: tuple[Name, ...] = Field(min_length=1, description="Channels.")


class Template(Keys):
    """How messages are worded, as sandboxed jinja."""

    title: Text | None = None
    text: Text | None = None

    @field_validator("title", "text")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        from monitor.alerts import wording  # jinja2 is loaded where there is a template, and only then

        if value is not None:
            try:
                wording.check(value)
            except wording.WordingError as error:
                raise wrong(str(error), expected="sandboxed jinja: {{ title }}", suggestion=error.remedy)
        return value


class ChannelKeys(Keys):
    """What holds for a channel of any type."""

    type: Text = Field(description="slack, email, webhook, console …")
    min_severity: Severity = Field(Severity.LOW, description="Alerts below it are not sent here.")
    digest: Text | None = Field(None, description="Times as cron, in defaults.timezone: one message of all since the last.")
    digest_empty: Literal["skip", "send"] = Field("skip", description="Whether an empty digest is sent.")
    quiet_hours: Annotated[tuple[HoursText, ...], BeforeValidator(one_or_more)] = Field(
        (), description="Hours in which nothing is sent: 22:00-07:00, or a list."
    )
    throttle: RateText | None = Field(None, description="Most messages in a time: 10/1h.")
    escalate: Escalate | None = Field(None, description="Who hears of alerts that nobody took.")
    on_unknown: Literal["resend", "hold"] = Field("resend", description="What to do with a delivery whose end is not known.")
    template: Template | None = Field(None, description="Wording of one's own.")
