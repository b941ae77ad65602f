"""The form of an incident: what was filled in, understood, or refused with a sentence."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from inspections.record import Private
from office.figures import TOO_LARGE
from office.workplace import InForce
from responsibilities.plan import EventField, EventType, FieldKind
from responsibilities.problem import did_you_mean
from responsibilities.words import Refused, Words

_YES = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}


def type_of(place: InForce, name: str) -> EventType:
    """The event type of this id or name."""
    kinds = place.plan.event_types
    for kind in kinds:
        if name in (kind.id, kind.name):
            return kind
    raise unknown(Words("事件类型", "event type"), name, [kind.name for kind in kinds])


def unit_of(place: InForce, name: str) -> str:
    """The id of the unit of this id or name."""
    for unit in place.plan.units:
        if name in (unit.id, unit.name):
            return unit.id
    raise unknown(Words("单位", "unit"), name, [unit.name for unit in place.plan.units])


def refuse_elsewhere(place: InForce, kind: EventType, unit: str) -> None:
    """An event of this type happens at some units only."""
    if kind.units and unit not in kind.units:
        names = "、".join(one.name for one in place.plan.units if one.id in kind.units)
        raise Refused(
            Words(
                f"“{kind.name}”的发生单位应为：{names}。",
                f"“{kind.name}” happens at one of: {names}.",
            )
        )


def fields_of(kind: EventType, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, by field id; Refused for what is unknown, impossible or missing."""
    known = {f.id: f for f in kind.fields} | {f.name: f for f in kind.fields}
    found: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            names = [f.name for f in kind.fields]
            raise unknown(Words("事件字段", "field"), name, names)
        if value not in (None, ""):
            found[field.id] = value_of(field, value)
    missing = [f.name for f in kind.fields if f.required and f.id not in found]
    if missing:
        listed = "、".join(missing)
        raise Refused(Words(f"请补填：{listed}。", f"Still to be filled in: {listed}."))
    return found


def value_of(field: EventField, value: Any) -> Any:
    """Numbers as plain decimal text, yes and no as booleans, the rest as text; `Private` what the
    record withholds."""
    found = _value_of(field, value)
    return Private(found) if withheld(field) and isinstance(found, str) else found


def withheld(field: EventField) -> bool:
    """Whether the record does not show the field: it is private, or free text."""
    return field.private or field.kind is FieldKind.TEXT


def _value_of(field: EventField, value: Any) -> Any:
    written = str(value).strip()
    if field.kind is FieldKind.NUMBER:
        try:
            number = Decimal(written.replace(",", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= TOO_LARGE:
            raise _wrong(field, value, Words("数字", "a number"))
        least, most = field.minimum, field.maximum
        if (least is not None and number < least) or (most is not None and number > most):
            raise _wrong(field, value, _range(least, most))
        return f"{number:f}"
    if field.kind is FieldKind.YES_NO:
        if written.lower() not in _YES:
            raise _wrong(field, value, Words("是或否", "yes or no"))
        return _YES[written.lower()]
    if field.kind is FieldKind.CHOICE and written not in field.choices:
        listed = "、".join(field.choices)
        raise _wrong(field, value, Words(listed, listed))
    return written


def _range(least: int | None, most: int | None) -> Words:
    if least is None or most is None:
        bound = least if most is None else most
        side = Words("不小于", "at least") if most is None else Words("不大于", "at most")
        return Words(f"{side.zh}{bound}的数字", f"a number, {side.en} {bound}")
    return Words(f"{least}至{most}的数字", f"a number from {least} to {most}")


def _wrong(field: EventField, value: Any, right: Words) -> Refused:
    shown = "" if field.private else f"“{value}”"
    return Refused(
        Words(
            f"“{field.name}”的值{shown}不对，应为：{right.zh}。",
            f"“{field.name}” cannot be {shown or 'that'}; it should be {right.en}.",
        )
    )


def unknown(what: Words, name: str, known: list[str]) -> Refused:
    """The sentence for a name that is not there."""
    near = did_you_mean(name, known)
    listed = "、".join(known)
    return Refused(
        Words(
            f"没有{what.zh}“{name}”，应为：{listed}。{near.zh if near else ''}",
            f"There is no {what.en} “{name}”; known: {listed}. {near.en if near else ''}".strip(),
        )
    )
