"""Entities: names with aliases, types, contexts and members, resolved to the terms that find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.errors import QueryError
from monitor.rules.faults import Fault, nearest
from monitor.rules.terms import check_text
from monitor.rules.tree import Entity, EntityTerms, Term

_SHORT = 3  # names and aliases of so many letters or fewer keep their case (decision 25)
_QUOTES = str.maketrans(dict.fromkeys('"“”„', " "))
_PREFIX = "entity:"


@dataclass(frozen=True, slots=True)
class EntityDef:
    """An entity as the configuration writes it. `not_`: contexts whose hits are another's; `members`: names of entities."""

    name: str
    aliases: tuple[str, ...] = ()
    type: str | None = None
    not_: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class EntityError(QueryError):
    """A definition that can't be used. `entity` is its name, `key` the faulty key, `index` the item in it (or None)."""

    def __init__(self, text: str, entity: str, key: str, index: int | None = None, *, suggestion: str | None = None) -> None:
        super().__init__(text, 0, 0, suggestion=suggestion)
        self.entity = entity
        self.key = key
        self.index = index

    def __str__(self) -> str:
        advice = f": {self.suggestion}" if self.suggestion else ""
        return f"entity '{self.entity}': {self.text}{advice}"


def plain_term(item: str, *, short_is_exact: bool = False) -> Term:
    """An item of a list as one term, as it stands: a word or phrase, `=Exact` or `prefix*`. Raises QueryError within `item`.

    With `short_is_exact`, three letters or fewer of a script that has case keep it, unless `=` or `*` says otherwise.
    """
    text = item.strip()
    exact = text.startswith("=")
    at = item.find(text)
    if exact:
        text = text[1:]
        at += 1
    for_query = " ".join(text.translate(_QUOTES).split())
    if not for_query:
        raise Fault("an empty item finds nothing", 0, len(item), advice="write a word or a phrase, or leave the item out")
    check_text(text, at, whole=(0, len(item)), quoted=True)
    if short_is_exact and not exact and "*" not in text and text.lower() != text.upper():
        exact = sum(char.isalnum() for char in text) <= _SHORT
    return Term(for_query, exact)


@dataclass(slots=True)
class _Parsed:
    terms: EntityTerms
    members: list[str] = field(default_factory=list)  # keys


class Entities:
    """All entities of a configuration. Raises EntityError for the first definition that can't be used."""

    def __init__(self, defs: Mapping[str, EntityDef] | None = None) -> None:
        self._defs = dict(defs or {})
        self._parsed: dict[str, _Parsed] = {}
        self._resolved: dict[str, Entity] = {}
        self._types: dict[str, str] = {}
        for error in self._read():
            raise error

    @classmethod
    def check(cls, defs: Mapping[str, EntityDef]) -> list[EntityError]:
        """Every fault of `defs`, in their order."""
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
        parsed = self._parsed.get(_key(name))
        return self._defs[parsed.terms.name] if parsed else None

    def get(self, name: str) -> Entity | None:
        """The entity of that name, case aside, with its members; None where there is none."""
        key = _key(name)
        if key not in self._parsed:
            return None
        if key not in self._resolved:
            self._resolved[key] = Entity(self._parsed[key].terms.name, tuple(self._with_members([key])))
        return self._resolved[key]

    def of_type(self, name: str) -> Entity | None:
        """All entities of a type, with their members; None where the type is unknown."""
        written = self._types.get(_key(name))
        if written is None:
            return None
        keys = [_key(each.name) for each in self._of_type(_key(name))]
        return Entity(f"type/{written}", tuple(self._with_members(keys)))

    def owner(self, alias: str) -> str | None:
        """The name of the entity that has this alias, case aside."""
        key = _key(alias)
        return next((name for name, each in self._defs.items() if any(_key(item.lstrip("=")) == key for item in each.aliases)), None)

    def _of_type(self, key: str) -> Iterator[EntityTerms]:
        for name, parsed in self._parsed.items():
            kind = self._defs[self._parsed[name].terms.name].type
            if kind is not None and _key(kind) == key:
                yield parsed.terms

    def _with_members(self, keys: list[str]) -> Iterator[EntityTerms]:
        waiting, seen = list(reversed(keys)), set(keys)
        while waiting:
            parsed = self._parsed[waiting.pop()]
            yield parsed.terms
            fresh = [key for key in dict.fromkeys(parsed.members) if key not in seen]
            seen.update(fresh)
            waiting.extend(reversed(fresh))

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self) -> Iterator[EntityError]:
        keys: dict[str, str] = {}
        for name in self._defs:
            if not _key(name):
                yield EntityError("a name can't be empty", name, "name", suggestion="give it a name")
            elif _key(name) in keys:
                yield EntityError(f"is the same name as '{keys[_key(name)]}', case aside", name, "name", suggestion="join the two")
            else:
                keys[_key(name)] = name
        for key, name in keys.items():
            yield from self._read_one(key, self._defs[name], keys)
        yield from self._circles()

    def _read_one(self, key: str, definition: EntityDef, keys: Mapping[str, str]) -> Iterator[EntityError]:
        name = keys[key]
        found: dict[str, list[Term]] = {"name": [], "aliases": [], "not": []}
        members: list[str] = []
        for where, items in (("name", (name,)), ("aliases", definition.aliases), ("not", definition.not_)):
            for index, item in enumerate(items):
                if where == "aliases" and item.strip().startswith(_PREFIX):
                    members.append(item.strip()[len(_PREFIX) :])
                    continue
                try:
                    found[where].append(plain_term(item, short_is_exact=where != "not"))
                except QueryError as error:
                    yield EntityError(error.text, name, where, None if where == "name" else index, suggestion=error.suggestion)
        terms = tuple(dict.fromkeys(found["name"] + found["aliases"]))
        parsed = self._parsed[key] = _Parsed(EntityTerms(name, terms, tuple(dict.fromkeys(found["not"]))))
        if definition.type is not None:
            self._types.setdefault(_key(definition.type), definition.type.strip())
        for where, items in (("aliases", tuple(members)), ("members", definition.members)):
            for index, item in enumerate(items):
                member = _key(item.strip().removeprefix(_PREFIX))
                if member in keys:
                    parsed.members.append(member)
                else:
                    near = nearest(item, keys.values())
                    advice = f"did you mean '{near}'?" if near else None
                    place = index if where == "members" else definition.aliases.index(f"{_PREFIX}{item}") if False else index
                    yield EntityError(f"there is no entity '{item.strip()}'", name, where, place, suggestion=advice)

    def _circles(self) -> Iterator[EntityError]:
        done: set[str] = set()
        for start in self._parsed:
            path: list[str] = []
            steps = [(start, False)]
            while steps:
                key, leaving = steps.pop()
                if leaving:
                    done.add(path.pop())
                elif key in path:
                    circle = [self._parsed[each].terms.name for each in (*path[path.index(key) :], key)]
                    yield EntityError(
                        f"is a member of itself: {' → '.join(circle)}", circle[0], "members", suggestion="take one of them out"
                    )
                    return
                elif key not in done:
                    path.append(key)
                    steps.append((key, True))
                    steps.extend((member, False) for member in reversed(self._parsed[key].members))


def _key(name: str) -> str:
    return " ".join(name.translate(_QUOTES).split()).casefold()
