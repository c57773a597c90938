"""Scoring rules in files. They need spellings of their own: which keys a step has depends on its operator, and words stand for tables.

The converter imports this module when it meets the first rule, because most files have none.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin

import attrs

from s11kit._frozen import FrozenDict, freeze, is_list, is_table
from s11kit._ids import is_id
from s11kit._numbers import read_number as number_in
from s11kit.codec.conditions import COMPARISONS, ORGANISATION_KEYS, Grammar, read_comparison, read_selection
from s11kit.codec.converter import TableHook, converter, short
from s11kit.codec.faults import MISSING, Faults, Faulty, closest, expected
from s11kit.codec.plain import plain_selection, plain_table, unstructure
from s11kit.codec.tables import fields_of
from s11kit.codec.values import Hook, at, read_names, read_number, read_text, read_word, table_of, tuple_of
from s11kit.errors import FieldError, Problem, S11Error, nearest
from s11kit.model import applicability
from s11kit.rules.definition import Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Row, Rung
from s11kit.rules.operators import BUILT_IN, broken, operator, operators
from s11kit.rules.ordering import PICKS, Pick

__all__ = ["COMMON", "OVER", "plain_rule", "read_rule"]

COMMON = tuple(field.key for field in fields_of(Step))
"""The keys that every step may have."""
OVER = ("over", "refs", "tag", "standard", "dimension", "role")
"""The keys by which a step selects statements; a test selects by `step` as well."""


def constant(value: Any, _: Any) -> str | bool | Fraction:
    """A grade, a step, yes or no, or an exact number. A text that could be an id stays a text: whether "3" is a grade, the framework says."""
    if isinstance(value, str):
        number = None if is_id(value) else number_in(value)
        return value if number is None else number
    if isinstance(value, (bool, int, Decimal)):
        return value if isinstance(value, bool) else read_number(value, None)
    raise expected("a grade, a number, true or false", value)


_profile = table_of(read_text, str)


def _compared(value: Any, _: Any) -> Any:
    """What a rule compares with: as `constant`, or a profile (a grade for each reference)."""
    return _profile(value, _) if is_table(value) else constant(value, _)


_numbers = table_of(read_number, Fraction)
_VALUE_WORDS = ("unit", "points")


def _value(value: Any, _: Any) -> Any:
    if isinstance(value, str):
        return read_word(_VALUE_WORDS)(value, _)
    if is_table(value):
        return _numbers(value, _)
    raise expected("a table from grades to numbers", value, 'write value = "unit", "points", or { red = 0, green = 2 }')


def _weight(value: Any, _: Any) -> Any:
    if isinstance(value, str):
        return read_text(value, _)
    if is_table(value):
        return _numbers(value, _)
    raise expected("the name of a weight, or a table of weights", value, 'write weight = "applicable", or the name of a weight that statements have')


def _pick(value: Any, _: Any) -> Any:
    return _picks(value, Pick) if is_table(value) else read_word(PICKS)(value, _)


def _anything(value: Any, _: Any) -> Any:
    return freeze(value)


# tests


def _own_test(data: dict[str, Any]) -> Any:
    """A test that looks at a step or at the action plan."""
    if "step" in data and "plan" in data:
        hint = "join them: { both = [ { ... }, { ... } ] }, or either"
        raise FieldError((), "this test asks two things at once", code="K011", hint=hint)
    if "plan" in data:
        compared = [key for key in COMPARISONS if key in data]
        if compared:
            raise FieldError(compared[0], "what the plan is to cover is compared inside covers", code="K011", hint=_PLAN_HINT)
        if "covers" not in data:
            raise FieldError((), "this test does not say what the plan is to cover", code="K002", hint=_PLAN_HINT)
        plan = at("plan", read_text, data["plan"])
        selection, comparison, empty = at("covers", lambda value, _: read_test.over_answers(value), data["covers"])
        return applicability.PlanTest(plan=plan, selection=selection, comparison=comparison, empty=bool(empty))
    if "step" not in data:
        hint = 'write { any = { tag = "...", at_most = "..." } }, or { step = "...", at_least = "..." }'
        raise FieldError("covers" if "covers" in data else (), "this test asks for nothing", code="K011", hint=hint)
    if "covers" in data:
        raise FieldError("covers", "only an action plan covers statements", code="K011", hint=_PLAN_HINT)
    step = at("step", read_text, data["step"])
    return applicability.StepTest(step=step, comparison=read_comparison(data, _compared, needed=False))


_PLAN_HINT = 'such as { plan = "approved", covers = { tag = "key", below = "met" } }'


def _of_organisations(key: str) -> Faulty | None:
    if key not in ORGANISATION_KEYS:
        return None
    hint = "what applies to whom is said by applies_when, in a standard or statement"
    return Faulty([Problem(code="K011", message="a rule never asks what an organisation is", hint=hint, path=(key,), on_key=True)])


read_test = Grammar(
    noun="test",
    example='{ any = { tag = "key", at_most = "red" } }',
    classes=get_args(applicability.Test),
    own_keys=("step", "plan", "covers", *COMPARISONS),
    own=_own_test,
    selection_keys=(*OVER, "step"),
    value=_compared,
    unknown=_of_organisations,
)


def _over(value: Any, _: Any) -> applicability.Selection:
    """What a step looks at: `"all"`, or a table."""
    if isinstance(value, applicability.Selection):
        return value
    if value == "all":
        return applicability.Selection(over_all=True)
    if not is_table(value):
        raise expected('"all" or a table', value, 'write over = "all", or such as over = { tag = "key" }')
    strange = [_unknown(key, OVER, "keys here: " + ", ".join(OVER)) for key in value if key not in OVER]
    if strange:
        raise Faulty(strange)
    if not value:
        raise FieldError((), "this selects nothing", code="K011", hint='give refs, tag, standard, dimension or role, or write over = "all"')
    return read_selection(value, OVER)


# steps


def _table(cls: type, **own: Hook) -> TableHook:
    """A table of a class, some keys of which are read in a way of their own."""
    return TableHook(converter, cls, own={key.removesuffix("_"): hook for key, hook in own.items()})


_not_applicable = short("policy")(_table(NotApplicableRule))
_unanswered = short("policy")(_table(UnansweredRule))
_exemptions = tuple_of(_table(Exemption, na=_not_applicable, value=_numbers), Exemption)
_picks = _table(Pick)
_step = _table(
    Step, op=lambda value, _: value, over=_over, of=read_names, except_=_exemptions, when=read_test, na=_not_applicable, unanswered=_unanswered,
    empty=constant,
)  # fmt: skip
_OWN: dict[str, Hook] = {
    "at": constant,
    "then": constant,
    "else": constant,
    "start": constant,
    "grades": tuple_of(constant, str),
    "table": table_of(constant, str),
    "rows": tuple_of(_table(Row, when=read_test, gives=constant), Row),
    "rungs": tuple_of(_table(Rung, when=read_test, gives=constant), Rung),
    "pick": _pick,
}
"""The keys of the library's operators that are read in a way of their own."""


def _of_type(kind: Any) -> Hook:
    """How an attribute of an operator is read: by its type; anything at all, or one of several types, as it is."""
    several = get_origin(kind) in (Union, types.UnionType) and len([part for part in get_args(kind) if part is not type(None)]) > 1
    return _anything if several or kind is Any else converter.get_structure_hook(kind)


@cache
def table_of_operator(cls: type) -> TableHook:
    """How the keys of an operator are read. `value` and `weight` mean the same in all of them."""
    own: dict[str, Hook] = {}
    for field in fields_of(cls):
        if field.name == "compare":
            own[field.key] = _anything
        elif field.key in ("value", "weight"):
            own[field.key] = _value if field.key == "value" else _weight
        elif cls in BUILT_IN.values() and field.key in _OWN and field.type is not Fraction:
            own[field.key] = _OWN[field.key]
        else:
            own[field.key] = _of_type(field.type)
    return TableHook(converter, cls, own=own, hidden=("compare",))


def keys_of_operator(cls: type) -> tuple[str, ...]:
    """The keys that stand in a step only because of its operator."""
    fields = fields_of(cls)
    own = tuple(field.key for field in fields if field.name != "compare")
    return (*own, *COMPARISONS) if len(own) < len(fields) else own


def _unknown(key: str, known: Iterable[str], listing: str) -> Problem:
    close = nearest(key, known)
    return Problem(code="K001", message=f"unknown key '{key[:60]}'", hint=f"{close} {listing}" if close else listing, path=(key,), on_key=True)


def _operator(data: dict[str, Any], faults: Faults) -> type | None:
    """The class of a step's operator; `None` if it says none, or one that is not there."""
    if "op" not in data:
        hint = "say what the step does; operators: " + ", ".join(operators())
        faults.problems.append(Problem(code="K002", message="'op' is missing", hint=hint))
        return None
    try:
        return operator(read_text(data["op"], str))
    except FieldError as error:
        faults.take(error, "op")
    except S11Error as error:
        listing = "operators: " + ", ".join(operators())
        hint = " ".join(filter(None, [nearest(data["op"], operators()), listing]))
        known = data["op"] in broken()
        faults.problems += [attrs.evolve(problem, path=("op",), hint=problem.hint if known else hint) for problem in error.problems]
    return None


def read_step(data: Any, kind: Any) -> Step:
    """A step: what it has in common with others, and its operator, from one flat table."""
    if isinstance(data, Step):
        return data
    if not is_table(data):
        raise expected("a table", data)
    faults = Faults()
    cls = _operator(data, faults)
    own = keys_of_operator(cls) if cls is not None else ()
    strange = [key for key in data if key not in COMMON and key not in own] if cls is not None else []
    if strange:
        here = f"keys of '{data['op']}': {', '.join(own)}" if own else f"'{data['op']}' has no keys of its own"
        listing = f"{here}; of any step: {', '.join(COMMON)}"
        faults.problems += [_unknown(key, (*own, *COMMON), listing) for key in strange]
    meant = {near for key in strange for near in closest(key, (*own, *COMMON))}
    made = _made(cls, {key: value for key, value in data.items() if key in own}, data, faults, meant) if cls is not None else MISSING
    common = {key: value for key, value in data.items() if key in COMMON} | {"op": None if made is MISSING else made}
    step = _taken(_step, common, Step, faults, meant)
    if made is MISSING or step is MISSING:
        raise Faulty(faults.problems, dropped=faults.dropped)
    whole: Step = faults.outcome(step)
    return whole


def _made(cls: type, given: dict[str, Any], data: dict[str, Any], faults: Faults, meant: set[str]) -> Any:
    """The operator itself."""
    if any(field.name == "compare" for field in fields_of(cls)):
        try:
            compare = read_comparison(given, _compared, what="this step", needed="over" in data and not meant & set(COMPARISONS))
        except (FieldError, Faulty) as error:
            fault = error if isinstance(error, Faulty) else Faulty.of(error)
            faults.problems += fault.problems
            compare = None
        given = {key: value for key, value in given.items() if key not in COMPARISONS} | ({"compare": compare} if compare is not None else {})
    return _taken(table_of_operator(cls), given, cls, faults, meant)


def _taken(hook: Hook, data: dict[str, Any], kind: Any, faults: Faults, meant: set[str]) -> Any:
    """What a hook makes of a part of the same table; a key that is only misspelt is not reported as missing as well."""
    try:
        return hook(data, kind)
    except Faulty as fault:
        faults.problems += [x for x in fault.problems if not (x.code == "K002" and not x.path and x.message.split("'")[1] in meant)]
        faults.dropped += fault.dropped
        return fault.partial


# rules

_rule = _table(
    Rule,
    na=_not_applicable,
    unanswered=_unanswered,
    empty=constant,
    steps=tuple_of(read_step, Step),
    expect=table_of(short("verdict")(_table(Expectation)), Expectation),
)


def read_rule(data: Any, kind: Any) -> Any:
    """A rule from one `[[rule]]` table."""
    return _rule(data, Rule)


# writing


def plain_rule(rule: Any) -> dict[str, Any]:
    """A rule as plain data, the shortest way to write it."""
    if not isinstance(rule, Rule):
        raise TypeError(f"a file holds rules of steps, not {type(rule).__name__}")
    out = plain_table(attrs.evolve(rule, steps=rule.steps[:1], expect=FrozenDict()))
    _shorten(out, rule)
    out["steps"] = [plain_step(step) for step in rule.steps]
    if rule.expect:
        out["expect"] = {law: _word(expectation, "verdict") for law, expectation in rule.expect.items()}
    return out


def _word(value: Any, name: str) -> Any:
    """A table, or the one word it holds."""
    table = plain_table(value)
    if not table:
        return getattr(value, name)
    return table[name] if set(table) == {name} else table


def _shorten(out: dict[str, Any], holder: Any) -> None:
    for key in ("na", "unanswered"):
        if key in out:
            out[key] = _word(getattr(holder, key), "policy")


def _when_first(rows: Any) -> Any:
    """The rows of a table, each with its test in front; anything else as it is."""
    if not is_list(rows) or not all(map(is_table, rows)):
        return rows
    return [({"when": row["when"]} if "when" in row else {}) | row for row in rows]


def plain_step(step: Step) -> dict[str, Any]:
    """A step as one flat table: what it does, what it looks at, the rest."""
    out: dict[str, Any] = {"id": step.id, "op": step.op.name}
    if step.over is not None:
        over = plain_selection(step.over)
        out["over"] = "all" if over == {"over": "all"} else over
    if step.of:
        out["of"] = step.of[0] if len(step.of) == 1 else list(step.of)
    if step.each is not None:
        out["each"] = step.each
    compare = getattr(step.op, "compare", None)
    if compare is not None:
        out[compare.operator] = unstructure(compare.value)
    if step.when is not None:
        out["when"] = unstructure(step.when)
    out |= {key: _when_first(value) for key, value in plain_table(step.op).items() if key != "compare"}
    rest = plain_table(attrs.evolve(step, op=None, over=None, of=()))
    _shorten(rest, step)
    if step.except_:
        rest["except"] = [plain_table(one) | ({"na": _word(one.na, "policy")} if one.na is not None else {}) for one in step.except_]
    return out | {key: value for key, value in rest.items() if key not in ("id", "op", "each", "when")}
