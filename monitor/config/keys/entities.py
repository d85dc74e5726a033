"""`entities`: names with aliases in any language."""

from __future__ import annotations

from pydantic import Field

from monitor.config.keys.base import Keys, Name, Term


class EntityKeys(Keys):
    """What an entity is found by. Its name counts too."""

    aliases: tuple[Term, ...] = Field((), description="Other names: words or phrases, =Exact, prefix*.")
    type: Name | None = Field(None, description="A word such as person; entity:type/person watches all of it.")
    not_: tuple[Term, ...] = Field((), alias="not", description="Phrases in which the name is another's.")
    members: tuple[Name, ...] = Field((), description="Entities that belong to this one.")
