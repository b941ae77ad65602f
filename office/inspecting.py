"""An inspection (督导检查), act by act: opened, drawn, announced, worked, findings put right.

Facts about no task are the whole of it: `inspection_file` reads them. Opening freezes the
population and seals the secret half of the seed; the draw adds a number that came up in public.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from inspections.finding import Finding, name_of
from inspections.inspection import Terms, Verdict, refuse_impossible, refuse_sizes, seed_of
from inspections.record import Private
from inspections.sampling import Member, Stratum, digest, sample, strata
from notifications.addresses import checked_address
from office.handed_in import File
from office.incident_form import unit_of
from office.inspection_file import InspectionFile, file_of, files_in, prefix_of, unknown
from office.members import grant_within
from office.refusing import given
from office.report_incident import report_within
from office.screening import refuse_too_many, screen
from office.workplace import InForce, in_force
from responsibilities.draws import commitment
from responsibilities.plan import EventType
from responsibilities.rectification import CLAUSE, DEMAND, FACT, NUMBER, SEVERITY, finding_type
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import blobs as evidence
from storage import draw_seeds, facts, tasks
from storage.blobs import Blobs
from storage.engine import writing
from storage.instants import text, whole

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()


class Doer(NamedTuple):
    """Who acts: the office, or an inspector by mailbox."""

    name: str
    address: str
    office: bool


def open_inspection(
    db: Engine, plan: str, terms: Terms, *, by: str, now: datetime, secret: str
) -> str:
    """Open an inspection and give its number, I2026-0001; its inspectors may sign in.

    `secret` is a fresh 64 hex digits, of which only the hash goes on record. Refused for terms that
    cannot be, unknown units and duties, and a scope without a task.
    """
    now = whole(now)
    refuse_impossible(terms)
    with writing(db) as connection:
        place = in_force(connection, plan)
        population = _population(connection, place, terms)
        size = sum(len(one.tasks) for one in population)
        refuse_sizes(size, len(population), terms.count)
        id_ = _new_id(connection, place, now)
        label = _label(plan, id_)
        draw_seeds.keep(connection, label, secret)
        body = {
            **_body(id_, terms), "commitment": commitment(label, secret),
            "digest": digest(population), "strata": [
                {"duty": s.duty, "tasks": list(s.tasks), "unit": s.unit} for s in population
            ],
        }  # fmt: skip
        _record(connection, plan, id_, "opened", FactKind.INSPECTION_OPENED, body, by, now)
        for address, name in terms.inspectors.items():
            grant_within(
                connection, plan, address, "inspector", name=name, since=terms.since,
                until=terms.until, by=by, now=now, units=terms.scope.units,
                duties=terms.scope.duties,
            )  # fmt: skip
    return id_


def draw_sample(
    db: Engine, plan: str, id_: str, public_number: str, *, doer: Doer, now: datetime
) -> tuple[str, ...]:
    """Draw the sample, once, and reveal the secret; the keys of the tasks drawn.

    `public_number` came up after the opening where nobody could choose it. Asked again, the first
    draw stands.
    """
    now = whole(now)
    with writing(db) as connection:
        file = _worked(connection, plan, id_, doer, now)
        if file.drawn_at is not None:
            return file.sample
        secret = draw_seeds.of_plan(connection, plan)[_label(plan, id_)]
        seed = seed_of(secret, public_number.strip())
        drawn = sample(file.population, seed, file.terms.count)
        body = {"public_number": public_number.strip(), "sample": list(drawn), "secret": secret}
        kind = FactKind.INSPECTION_DRAWN
        _record(connection, plan, id_, "drawn", kind, body, doer.name, now)
    return drawn


def announce(db: Engine, plan: str, id_: str, *, doer: Doer, now: datetime) -> None:
    """From now on an unannounced inspection is no secret; nothing the second time."""
    now = whole(now)
    with writing(db) as connection:
        file = _worked(connection, plan, id_, doer, now)
        if file.hidden():
            kind = FactKind.INSPECTION_ANNOUNCED
            _record(connection, plan, id_, "announced", kind, {}, doer.name, now)


def judge(
    db: Engine, blobs: Blobs, plan: str, id_: str, item: int, verdict: Verdict, note: str,
    photos: Sequence[File], *, doer: Doer, now: datetime,
) -> None:  # fmt: skip
    """An inspector's verdict on one task of the sample; a later one replaces it, photos add up.

    Refused: no such item, no note where it does not conform, a file that cannot be evidence.
    """
    now = whole(now)
    if verdict in (Verdict.MOSTLY, Verdict.FAILS):
        given(note, Words("请写明存在的问题。", "Say what is wrong."))
    refuse_too_many([one.size for one in photos])
    for one in photos:
        assert isinstance(one.data, bytes)
        screen(one.name, one.data)
    stored = [(blobs.put(one.data), one) for one in photos if isinstance(one.data, bytes)]
    with writing(db) as connection:
        file = _worked(connection, plan, id_, doer, now)
        if not 1 <= item <= len(file.sample):
            raise Refused(Words(f"样本中没有第{item}项。", f"The sample has no item {item}."))
        before = file.inspected.get(item)
        for sha256, one in stored:
            evidence.note(connection, sha256, one.size, now)
        body = {
            "item": item, "note": Private(note.strip(), _case(id_)), "photos": [
                {"name": Private(one.name, _case(id_)), "sha256": sha256, "size": one.size}
                for sha256, one in stored
            ],
            "task": file.sample[item - 1], "verdict": verdict.value,
        }  # fmt: skip
        key = f"item/{item}/{before.times + 1 if before else 1}"
        _record(connection, plan, id_, key, FactKind.INSPECTED, body, doer.name, now)


class Found(NamedTuple):
    """A problem as it is registered."""

    unit: str
    """Id or name."""
    fact: str
    clause: str
    severity: str
    demand: str
    duty: str = ""
    item: int = 0
    """Of the sample; 0 for a problem beside it."""
    evidence: tuple[str, ...] = ()


def register(db: Engine, plan: str, id_: str, found: Found, *, doer: Doer, now: datetime) -> int:
    """Register a problem (登记) and give its number within the inspection.

    Refused: a plan without an event for findings, a severity it does not have, a missing text, a
    unit outside the scope.
    """
    now = whole(now)
    with writing(db) as connection:
        place = in_force(connection, plan)
        file = _worked(connection, plan, id_, doer, now)
        unit = unit_of(place, found.unit)
        _refuse_unfit(place, file, found, unit)
        number = len(file.findings) + 1
        body: dict[str, Any] = {
            "duty": found.duty, "evidence": list(found.evidence), "finding": number,
            "item": found.item, "severity": found.severity, "unit": unit,
        }  # fmt: skip
        texts = {"clause": found.clause, "demand": found.demand, "fact": found.fact}
        body |= {name: Private(value.strip(), _case(id_)) for name, value in texts.items()}
        kind = FactKind.FINDING_REGISTERED
        _record(connection, plan, id_, f"finding/{number}", kind, body, doer.name, now)
    return number


def order(db: Engine, plan: str, id_: str, number: int, *, by: str, now: datetime) -> str:
    """Order a finding put right (下达整改) and give the event that opens its tasks and letters.

    Ordered again, the first order stands.
    """
    now = whole(now)
    with writing(db) as connection:
        place = in_force(connection, plan)
        one = finding_of(file_of(connection, place, id_), number)
        kind = _type_of(place)
        if one.event is not None:
            return one.event
        fields = {
            NUMBER: one.name, FACT: one.fact, CLAUSE: one.clause, SEVERITY: one.severity,
            DEMAND: one.demand,
        }  # fmt: skip
        event = report_within(connection, plan, kind.id, one.unit, fields, None, now, now, by).event
        body = {"event": event.id, "finding": number}
        key, done = f"finding/{number}/ordered", FactKind.FINDING_ORDERED
        _record(connection, plan, id_, key, done, body, by, now)
        return event.id


def read_photo(db: Engine, plan: str, task: str, sha256: str, *, by: str, now: datetime) -> None:
    """A photo of an inspection is about to be shown to `by`: each call adds one fact."""
    with writing(db) as connection:
        key = f"{plan}/read/{facts.last_seq(connection) + 1:09}"
        body = {"evidence": sha256, "task": task}
        facts.append(connection, [Fact(None, key, FactKind.READ, whole(now), by, body)])


def finding_of(file: InspectionFile, number: int) -> Finding:
    """A finding by its number; Refused where the inspection has none such."""
    found = next((one for one in file.findings if one.number == number), None)
    if found is None:
        name = name_of(file.id, number)
        raise Refused(Words(f"没有问题“{name}”。", f"There is no finding “{name}”."))
    return found


def sees(file: InspectionFile, doer: Doer) -> bool:
    """Whether somebody may know of an inspection: its inspectors, whoever opened it, and the
    office once it is no secret."""
    mine = doer.address in file.terms.inspectors or doer.name == file.by
    return mine or (doer.office and not file.hidden())


def _worked(
    connection: Connection, plan: str, id_: str, doer: Doer, now: datetime
) -> InspectionFile:
    """The inspection, for somebody who may work it now: nobody else learns that it exists."""
    file = file_of(connection, in_force(connection, plan), id_)
    if not sees(file, doer):
        raise Refused(unknown(id_))
    terms = file.terms
    if not doer.office and not terms.since <= now < terms.until:
        raise Refused(
            Words("不在检查期限之内，不能办理。", "It is not the time of the inspection.")
        )
    return file


def _population(connection: Connection, place: InForce, terms: Terms) -> tuple[Stratum, ...]:
    """The tasks of the scope, due in its period; delegates' parts stand in their unit's task."""
    scope, clock = terms.scope, place.clock
    known = {unit.id for unit in place.plan.units}, set(place.duties)
    for wanted, ids in zip((scope.units, scope.duties), known, strict=True):
        for name in wanted:
            if name not in ids:
                raise Refused(Words(f"方案中没有“{name}”。", f"The plan has no “{name}”."))
    units, duties = scope.units or tuple(known[0]), scope.duties or tuple(known[1])
    since, until = (clock.at(day, _MIDNIGHT) for day in (scope.first, scope.last + _DAY))
    due = tasks.due_within(connection, place.plan.id, since, until)
    return strata(
        (Member(t.unit, t.duty, t.key) for t in due if t.unit in units and t.duty in duties),
        terms.by,
    )


def _body(id_: str, terms: Terms) -> dict[str, Any]:
    return {
        "by": [one.value for one in terms.by],
        "count": terms.count,
        "duties": list(terms.scope.duties),
        "first": terms.scope.first.isoformat(),
        "inspectors": [
            {
                "address": Private(checked_address(address), _case(id_)),
                "name": Private(name, _case(id_)),
            }
            for address, name in terms.inspectors.items()
        ],
        "last": terms.scope.last.isoformat(),
        "since": text(whole(terms.since)),
        "title": Private(terms.title.strip(), _case(id_)),
        "unannounced": terms.unannounced,
        "units": list(terms.scope.units),
        "until": text(whole(terms.until)),
    }


def _record(
    connection: Connection, plan: str, id_: str, key: str, kind: FactKind, body: dict[str, Any],
    by: str, now: datetime,
) -> None:  # fmt: skip
    whole_key = f"{prefix_of(plan, id_)}{key}"
    fact = Fact(None, whole_key, kind, now, by, {"inspection": id_, **body})
    facts.append(connection, [fact])


def _refuse_unfit(place: InForce, file: InspectionFile, found: Found, unit: str) -> None:
    kind = _type_of(place)
    for text_, words in (
        (found.fact, Words("请写明存在的问题。", "Say what the problem is.")),
        (found.clause, Words("请写明所依据的条款。", "Name the clause.")),
        (found.demand, Words("请写明整改要求。", "Say what is to be put right.")),
    ):
        given(text_, words)
    if found.severity not in kind.finding:
        listed = "、".join(kind.finding)
        raise Refused(Words(f"严重程度应为：{listed}。", f"The severity is one of: {listed}."))
    if file.terms.scope.units and unit not in file.terms.scope.units:
        raise Refused(
            Words("该单位不在检查范围之内。", "The unit is outside the scope of the inspection.")
        )
    if not 0 <= found.item <= len(file.sample):
        raise Refused(
            Words(f"样本中没有第{found.item}项。", f"The sample has no item {found.item}.")
        )


def _type_of(place: InForce) -> EventType:
    kind = finding_type(place.plan)
    if kind is None:
        raise Refused(
            Words(
                "方案没有写明检查发现的问题如何整改（events 中的 finding），请先补充方案。",
                "The plan does not say how findings are put right (`finding` under events).",
            )
        )
    return kind


def _new_id(connection: Connection, place: InForce, now: datetime) -> str:
    head = f"I{place.clock.local(now).year}-"
    known = [one for one in files_in(connection, place) if one.id.startswith(head)]
    return f"{head}{len(known) + 1:04}"


def _label(plan: str, id_: str) -> str:
    """Under which name the secret is sealed."""
    return f"{plan}/{id_}"


def _case(id_: str) -> str:
    """With what the personal values of an inspection are erased."""
    return f"inspection/{id_}"
