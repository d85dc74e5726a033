"""The steps of an explanation about rules: which matched, which nearly did, and what failed in the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from monitor.pipeline.explaining.steps import Explanation, State, Step
from monitor.store import explaining, sql
from monitor.store.views import as_article

if TYPE_CHECKING:
    from monitor.rules.glance import Glance

_MANY = 50  # rules beyond which a first look is worth its time

REMEDIES = {
    "furniture": "if the words belong to the article, its page is read wrongly: 'monitor articles preview URL' shows how",
    "no-term": "widen the rule: other spellings, a prefix, an entity with aliases",
    "near": "allow more words between, or use AND",
    "order": "use NEAR in place of ONEAR",
    "count": "ask for fewer with ATLEAST",
    "case": "leave out the = of the exact term",
    "boundary": "use a prefix (word*), or add the longer word",
    "spelling": "add this spelling as an alias or a term",
    "field": "look in other fields as well",
    "excluded": "narrow the NOT or the 'none' list",
    "rule-newer": "the rule came after the article: 'monitor rules test' tries it on what is stored",
}


class Rules(Protocol):
    """The rules as they are configured now."""

    @property
    def queries(self) -> Mapping[str, Any]: ...

    @property
    def glance(self) -> Glance: ...


def rule_steps(answer: Explanation, found: explaining.Trail, rules: Rules, rule: str | None) -> Sequence[Any]:
    """Adds the steps of the rules that matter; answers the matches that count."""
    matched = [row for row in found.matches if rule is None or row.name == rule]
    _near_ones(answer, found, rules, rule, after=[_matched(row) for row in matched])
    return matched


def _matched(row: Any) -> Step:
    fields = Counter(span["field"] for span in sql.load(row.spans))
    return Step("rule", "ok", ", ".join(f"{name} {n}" for name, n in fields.items()) or "matched", name=row.name, at=row.created_at)


def _near_ones(answer: Explanation, found: explaining.Trail, rules: Rules, rule: str | None, *, after: list[Step]) -> None:
    from monitor.rules.nearmiss import explain_rule

    article = as_article(found.article, found.carriers)
    furniture = found.page.furniture if found.page is not None else ""
    created = {row.name: row.created_at for row in found.rules}
    near: list[Step] = []
    far: list[Step] = []
    matched = {row.name for row in found.matches}
    asked = {name: query for name, query in rules.queries.items() if name not in matched and (rule is None or name == rule)}
    worth = rules.glance.near(article, furniture) if len(asked) > _MANY else asked
    for name in asked.keys() & worth:
        query = asked[name]
        verdict = explain_rule(query, article, furniture)
        if verdict.code is None:  # it would match today
            step = Step(
                "rule",
                "nearly",
                "matches the text; it came, or was changed, after the article",
                code="rule-newer",
                name=name,
                at=created.get(name),
                remedy=REMEDIES["rule-newer"],
            )
        else:
            step = Step("rule", cast("State", verdict.state), verdict.text, code=verdict.code, name=name, remedy=REMEDIES.get(verdict.code))
        (far if step.code == "no-term" and step.state == "no" else near).append(step)
    near.sort(key=lambda step: step.name or "")
    others_far = len(asked) - len(near)
    if rule is not None or (not after and not near and len(asked) == 1):
        answer.add(*after, *near, *far)
        return
    if after:
        # Others' near misses are told and decide nothing where a rule matched.
        answer.add(*after, *(Step(s.step, s.state, s.text, s.code, s.name, s.at, s.remedy, counts=False) for s in near))
    else:
        answer.add(*near)
    if others_far:
        others = "others" if near or after else "rules"
        text = f"{others_far} {others}: none of their words is in the text"
        answer.add(Step("rule", "no", text, code="no-term", remedy=REMEDIES["no-term"], counts=not after))
    elif not near and not after:
        answer.add(Step("rule", "no", "no rule is configured", code="no-term", remedy="add one under 'rules' in the configuration"))
