"""Entities: names with aliases, types, contexts and members, resolved to the terms that find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.errors import QueryError
from monitor.rules.faults import nearest
from monitor.rules.items import ENTITY, plain_term
from monitor.rules.quotes import unquote
from monitor.rules.tree import Entity, EntityTerms, Term


@dataclass(frozen=True, slots=True)
class EntityDef:
    """An entity as the configuration writes it. `not_`: contexts whose hits are another's; `members`: names of entities."""

    name: str
    aliases: tuple[str, ...] = ()
    type: str | None = None
    not_: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class EntityError(QueryError):
    """A definition that can't be used: of `entity`, under `key` (name, aliases, not, members, type), item `index` or None.

    `start` and `end` are code points of the faulty item.
    """

    def __init__(self, error: QueryError, entity: str, key: str, index: int | None = None) -> None:
        super().__init__(error.text, error.start, error.end, suggestion=error.suggestion, replacement=error.replacement)
        self.entity = entity
        self.key = key
        self.index = index

    def __str__(self) -> str:
        advice = f": {self.suggestion}" if self.suggestion else ""
        return f"entity '{self.entity}': {self.text}{advice}"


class Entities:
    """All entities of a configuration. Raises EntityError for the first definition that can't be used."""

    def __init__(self, defs: Mapping[str, EntityDef] | None = None) -> None:
        self._defs = dict(defs or {})
        self._keys: dict[str, str] = {}  # a name's key -> the name as the configuration writes it
        self._terms: dict[str, EntityTerms] = {}
        self._members: dict[str, list[str]] = {}  # keys
        self._types: dict[str, str] = {}
        self._resolved: dict[str, Entity] = {}
        for error in self._read():
            raise error

    @classmethod
    def check(cls, defs: Mapping[str, EntityDef]) -> list[EntityError]:
        """Every fault of `defs`, in their order; a circle last."""
        entities = cls()
        entities._defs = dict(defs)
        return list(entities._read())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._defs)

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(self._types.values())

    def definition(self, name: str) -> EntityDef | None:
        """As the configuration has it, its name's case aside."""
        written = self._keys.get(_key(name))
        return None if written is None else self._defs[written]

    def get(self, name: str) -> Entity | None:
        """The entity of that name, case aside, with its members; None where there is none."""
        key = _key(name)
        if key not in self._terms:
            return None
        if key not in self._resolved:
            self._resolved[key] = Entity(self._keys[key], self._with_members([key]))
        return self._resolved[key]

    def of_type(self, name: str) -> Entity | None:
        """All entities of a type, case aside, with their members; None where no entity is of it."""
        kind = _key(name)
        if kind not in self._types:
            return None
        resolved = f"type/{kind}"
        if resolved not in self._resolved:
            keys = [key for key in self._terms if _key(self._defs[self._keys[key]].type or "") == kind]
            self._resolved[resolved] = Entity(f"type/{self._types[kind]}", self._with_members(keys))
        return self._resolved[resolved]

    def owner(self, alias: str) -> str | None:
        """The name of the first entity that has this alias, case aside."""
        key = _key(alias)
        for name, definition in self._defs.items():
            if any(_key(item.strip().removeprefix("=")) == key for item in definition.aliases):
                return name
        return None

    def _with_members(self, keys: list[str]) -> tuple[EntityTerms, ...]:
        found: dict[str, None] = {}
        waiting = list(reversed(keys))
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = None
                waiting.extend(reversed(self._members[key]))
        return tuple(self._terms[key] for key in found)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self) -> Iterator[EntityError]:
        for name in self._defs:
            key = _key(name)
            if not key:
                yield _error("a name can't be empty", name, "name", suggestion="give the entity a name")
            elif key in self._keys:
                yield _error(f"this is the name of '{self._keys[key]}' too, case aside", name, "name", suggestion="join the two")
            else:
                self._keys[key] = name
        for key, name in self._keys.items():
            yield from self._read_one(key, self._defs[name])
        yield from self._circle()

    def _read_one(self, key: str, definition: EntityDef) -> Iterator[EntityError]:
        name = self._keys[key]
        terms: list[Term] = []
        contexts: list[Term] = []
        members: list[str] = []
        for where, index, item in _items(name, definition):
            try:
                if where == "members" or (where == "aliases" and item.strip().startswith(ENTITY)):
                    members.append(self._member(item))
                else:
                    (contexts if where == "not" else terms).append(plain_term(item, short_is_exact=True))
            except QueryError as error:
                yield EntityError(error, name, where, index)
        self._terms[key] = EntityTerms(name, tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(contexts)))
        self._members[key] = members
        if definition.type is not None:
            if _key(definition.type):
                self._types.setdefault(_key(definition.type), definition.type.strip())
            else:
                yield _error("a type can't be empty", name, "type", suggestion="write a word, or leave the key out")

    def _member(self, item: str) -> str:
        """The key of the entity that `item` names. Raises QueryError where there is none."""
        key = _key(item.strip().removeprefix(ENTITY))
        if key in self._keys:
            return key
        near = nearest(key, self._keys.values())
        advice = f"did you mean '{near}'?" if near else None
        raise QueryError(
            f"there is no entity '{item.strip().removeprefix(ENTITY).strip()}'", 0, len(item), suggestion=advice, replacement=near
        )

    def _circle(self) -> Iterator[EntityError]:
        """The first circle of members, if there is one."""
        done: set[str] = set()
        for start in self._members:
            path: dict[str, None] = {}
            steps = [(start, False)]
            while steps:
                key, leaving = steps.pop()
                if leaving:
                    del path[key]
                    done.add(key)
                elif key in path:
                    names = [self._keys[each] for each in (*list(path)[list(path).index(key) :], key)]
                    yield _error(f"it is a member of itself: {' → '.join(names)}", names[0], "members", suggestion="take one of them out")
                    return
                elif key not in done:
                    path[key] = None
                    steps.append((key, True))
                    steps.extend((member, False) for member in reversed(self._members[key]))


def _items(name: str, definition: EntityDef) -> Iterator[tuple[str, int | None, str]]:
    yield "name", None, name.strip().removeprefix("=")
    for where, items in (("aliases", definition.aliases), ("not", definition.not_), ("members", definition.members)):
        for index, item in enumerate(items):
            yield where, index, item


def _error(text: str, entity: str, key: str, *, suggestion: str) -> EntityError:
    return EntityError(QueryError(text, 0, 0, suggestion=suggestion), entity, key)


def _key(name: str) -> str:
    return unquote(name).casefold()
