"""P34: what names people goes in by every door, and comes out by none where it does not belong.

A canary is a person with a name, a telephone, a bank account and a story. Searched are the letters,
the addresses, the logs, the pages of faults, and everything that Prefect has written.
"""

import asyncio
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import quote

import httpx
import orjson
import pytest
from prefect import flow
from sqlalchemy import text as sql

from duban.logs import logged
from duban.specimen_files import file_of
from flows import department
from flows.installation import Installation, working_on
from flows.server import Server
from office import adopt_plan, brake, inbox, links, sessions
from office.api_tokens import issue
from office.calendars import working_days
from office.ledger import letter_bytes, list_letters
from office.settings import load
from portal.doors import COOKIE
from portal.here import Portal
from portal.serving import serving
from portal.site import site
from responsibilities.language.compile import compile_plan
from responsibilities.plan import Role
from storage import tasks
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from tests.flows.conftest import ADOPTED, HOME
from tests.office.desk import SCHOOL
from tests.stories.correspondent import OURS

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

ONE_EACH = httpx.Limits(max_keepalive_connections=0)
NURSING = "nursing@school.example"
FIELDS = """\
      - {id: phone, name: 电话, kind: text, required: false, private: true}
      - {id: account, name: 账号, kind: text, required: false, private: true}
"""
DUTIES = """\
duties:
  - id: alarm
    title: 处置火情
    responsible: 事发单位
    on: 火情
    stages: [{id: first, name: 首报, due: 知悉后30分钟内}]
    ladder: 紧急
    review: 办公室
    evidence: [{text: 情况}, {file: 材料}]
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 检查记录}]}
"""
SOUGHT = re.compile(
    "金丝雀|138866[0-9]{5}|62228866[0-9]{8}"
    + "|" + re.escape(quote("金丝雀")) + "|" + re.escape(ascii("金丝雀")[1:-1]),
    re.IGNORECASE,
)  # fmt: skip
"""A canary, as it is written, in an address, or escaped."""
BREAKS = "故障"
"""A file with this word in its name makes the database refuse it, and quote a row."""


@dataclass(frozen=True)
class Canary:
    number: int

    @property
    def name(self) -> str:
        return f"金丝雀{self.number:05}"

    @property
    def phone(self) -> str:
        return f"138866{self.number:05}"

    @property
    def account(self) -> str:
        return f"62228866{self.number:08}"

    @property
    def story(self) -> str:
        return f"{self.name}（{self.phone}）向账户{self.account}转账"


@dataclass
class House:
    """A running installation, and everything that it has said to anybody."""

    installation: Installation
    now: list[datetime]
    http: httpx.Client
    token: dict[str, str]
    csrf: str = ""
    said: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **given: object) -> httpx.Response:
        """Ask, and keep where the answer leads to and, where it is no form, what it says."""
        answer = self.http.request(method, path, **given)  # type: ignore[arg-type]
        self.said.append(answer.headers.get("Location", ""))
        self.said += re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
        if answer.status_code >= 400 and "<form method" not in answer.text.partition("</main>")[0]:
            self.said.append(answer.text)
        return answer


@contextmanager
def running(folder: Path) -> Iterator[House]:
    """`duban up` but for its loops, whose turns the test takes itself."""
    settings = load(folder, {"DUBAN_INBOX__AUTHSERV_ID": OURS, "DUBAN_LOG__FORMAT": "json"})
    settings.data.mkdir()
    db = open_engine(settings.url)
    upgrade(db)
    found = compile_plan({"school.yaml": SCHOOL + FIELDS, "duties.yaml": DUTIES}, working_days())
    assert not found.errors, found.errors
    adopt_plan.adopt(db, found, ADOPTED, "办公室")
    now = [ADOPTED + timedelta(hours=1)]
    installation = Installation(settings, db, lambda: now[0])
    app = site(Portal(settings, db, installation.blobs, lambda: now[0]))
    with (
        working_on(installation), serving(app, "127.0.0.1", 0) as port,
        httpx.Client(base_url=f"http://localhost:{port}", trust_env=False, limits=ONE_EACH) as http,
    ):  # fmt: skip
        token = issue(db, "OA", "office", 300, now[0], "管理员")
        house = House(installation, now, http, {"Authorization": f"Bearer {token}"})
        signed_in(house)
        yield house
    db.dispose()


def signed_in(house: House) -> None:
    """The office, anew: a session does not outlast the weeks of this test."""
    db, now = house.installation.db, house.now[0]
    with writing(db) as connection:
        way = sessions.offer(connection, "office@school.example", now)
    secret = sessions.sign_in(db, now, "", token=way.token)
    house.http.headers["Cookie"] = f"{COOKIE}={secret}"
    house.csrf = sessions.csrf_of(secret)


def reported(house: House, bird: Canary) -> int:
    """By the portal's form or by the API; the status."""
    values = {"size": "3", "place": bird.story, "witness": bird.name, "phone": bird.phone,
              "account": bird.account}  # fmt: skip
    if bird.number % 2:
        form = {"csrf": house.csrf, "type": "fire", "unit": "nursing", "reason": bird.story,
                "second": bird.name}  # fmt: skip
        form |= {f"f-{name}": value for name, value in values.items()}
        return house.ask("POST", "/desk/incidents/new", data=form).status_code
    given = {"plan": "fire", "type": "fire", "unit": "nursing", "fields": values,
             "known_at": house.now[0].isoformat()}  # fmt: skip
    return house.ask("POST", "/api/v1/incidents", json=given, headers=house.token).status_code


def handed_in(house: House, bird: Canary) -> None:
    """By the link of a letter, or by answering one, each with a file; and one that is refused."""
    installation, now = house.installation, house.now[0]
    name, good = f"{bird.name}{bird.phone}.pdf", file_of("pdf", bird.story)
    if bird.number % 4 < 2:
        assert by_link(house, bird, f"{bird.name}.exe", b"MZ") == 409
        assert by_link(house, bird, name, good) == 303
    else:
        raw = answered(installation, bird, [(name, good), (f"{bird.name}.exe", b"MZ")])
        inbox.take_in(installation.db, installation.blobs, raw, now=now)
        inbox.settle(installation.db, installation.blobs, now, installation.settings.mail,
                     installation.settings.inbox)  # fmt: skip


def by_link(house: House, bird: Canary, name: str, data: bytes) -> int:
    """Hand it in for the newest task, by a link of its own; the status."""
    db, now = house.installation.db, house.now[0]
    with writing(db) as connection:
        task = tasks.every(connection)[-1]
        link = links.issue(
            connection, "fire", "nursing", task.id, NURSING, Role.CONTACT, "护理学院联络员",
            acts=True, now=now, until=now + timedelta(days=1),
        )  # fmt: skip
    typed = {"doer": "值班员", "value-text-1": bird.story}
    file = {"file-file-1": (name, data)}
    where = f"/l/{link}/tasks/{task.id}/submit"
    return house.ask("POST", where, data=typed, files=file).status_code


def answered(installation: Installation, bird: Canary, files: Iterable[tuple[str, bytes]]) -> bytes:
    """A mail as the unit sends it, with the person all over it."""
    letter = next(x for x in list_letters(installation.db) if x.recipient == NURSING)
    to = parseaddr(message_from_bytes(letter_bytes(installation.db, letter.id))["Reply-To"])[1]
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{OURS}; dmarc=pass header.from=school.example"
    mail["From"], mail["To"] = formataddr((bird.name, NURSING)), to
    mail["Subject"] = f"回复：{bird.story}"
    mail["Message-ID"] = f"<{bird.phone}@school.example>"
    mail.set_content(f"情况：{bird.story}\n")
    for name, data in files:
        mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def mistaken(house: House, bird: Canary) -> None:
    """What goes wrong, each with the person in it: addresses, fields, a stranger's mail."""
    house.http.get(f"/{bird.name}", params={"q": bird.story})
    house.ask("GET", "/desk/incidents/" + quote(bird.name))
    house.ask("POST", "/l/nothing/fresh", data={"doer": bird.name})
    house.ask("GET", f"/l/nothing?q={bird.phone}")
    house.ask("POST", "/code", data={"code": bird.phone})
    wrong = {"plan": "fire", "type": "fire", "unit": "nursing", bird.name: bird.story}
    house.ask("POST", "/api/v1/incidents", json=wrong, headers={"X-Forwarded-For": bird.phone})
    house.ask("GET", f"/api/v1/tasks?cursor={bird.phone}", headers={"User-Agent": bird.account})
    installation = house.installation
    raw = answered(installation, bird, []).replace(b"dmarc=pass", b"dmarc=fail")
    stranger = raw.replace(b"Message-ID: <", b"Message-ID: <s")
    inbox.take_in(installation.db, installation.blobs, stranger, now=house.now[0])


def flown(house: House, count: int) -> None:
    """All of it, person by person, with the letters that leave meanwhile."""
    installation = house.installation
    with writing(installation.db) as connection:
        connection.execute(sql(
            f"CREATE TRIGGER broken BEFORE INSERT ON evidence WHEN NEW.name LIKE '%{BREAKS}%'"
            f" BEGIN SELECT RAISE(ABORT, '{Canary(0).story}'); END"
        ))  # fmt: skip
    statuses = []
    for number in range(count):
        bird = Canary(number)
        house.now[0] += timedelta(minutes=17)
        if number % 3 == 0:
            signed_in(house)
        statuses.append(reported(house, bird))
        post(house)
        handed_in(house, bird)
        if number % 10 == 0:
            mistaken(house, bird)
            broken = file_of("pdf", bird.phone)
            assert by_link(house, bird, f"{BREAKS}{bird.name}.pdf", broken) == 500
    assert set(statuses) <= {200, 303}
    post(house)


def post(house: House) -> None:
    """The letters leave, though there are more than the plan expects."""
    with writing(house.installation.db) as connection:
        brake.release(connection, "办公室", house.now[0])
    asyncio.run(house.installation.post())


def failed_in_prefect(house: House) -> None:
    """A round inside a flow whose failure quotes a person."""
    with writing(house.installation.db) as connection:
        connection.execute(sql(
            "CREATE TRIGGER quoting BEFORE INSERT ON notices"
            f" BEGIN SELECT RAISE(ABORT, '{Canary(1).story}'); END"
        ))  # fmt: skip
    house.now[0] += timedelta(days=7)

    async def fails() -> bool:
        state = await department.department("fire", "duties", return_state=True)
        return state.is_failed()

    assert asyncio.run(fails())


def in_letters(folder: Path) -> Iterator[str]:
    """Every letter: its head and its parts, decoded, and its bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from decoded(path.read_bytes())


def decoded(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8", "replace")
    mail = message_from_bytes(raw, policy=policy.default)
    for part in mail.walk():
        yield from (str(value) for value in part.values())
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield body.decode("utf-8", "replace")


def in_files(folder: Path) -> Iterator[str]:
    """Whatever lies there, databases and their logs too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes().decode("utf-8", "replace")


def found_in(texts: Iterable[str]) -> list[str]:
    """The surroundings of every canary, a few of each."""
    return [
        text[max(hit.start() - 60, 0) : hit.end() + 20]
        for text in texts
        for hit in list(SOUGHT.finditer(text))[:3]
    ]


def test_no_person_is_named_where_it_does_not_belong(
    prefect: Server, tmp_path: Path, full: bool
) -> None:
    count, shown, log = (1000 if full else 30), io.StringIO(), tmp_path / "duban.log"
    with redirect_stderr(shown), logged("json", log), running(tmp_path) as house:
        flown(house, count)
        failed_in_prefect(house)
        sent = house.installation.settings.mail.maildir
    lines = shown.getvalue().splitlines()
    events = {orjson.loads(line).get("event") for line in lines if line.startswith("{")}
    assert {"failed_short_code", "unknown_token", "unknown_link"} <= events
    assert sum("IntegrityError" in line for line in lines) >= count // 10
    letters = sum(path.is_file() for path in sent.rglob("*"))
    assert letters > 2 * count
    assert found_in(in_letters(sent)) == []
    assert found_in(house.said) == []
    assert found_in([shown.getvalue(), log.read_text("utf-8")]) == []
    assert found_in(in_files(HOME)) == []
    print({"canaries": count, "letters": letters, "lines": len(lines), "found": 0})


def test_the_search_finds_a_person_however_it_is_written() -> None:
    """The control of the letters and addresses: each as a careless program would write it."""
    bird = Canary(7)
    mail = EmailMessage()
    mail["Subject"] = "回执"
    mail["X-File"] = f"{bird.name}.pdf"
    assert found_in(decoded(mail.as_bytes()))
    for cte in ("base64", "quoted-printable", "8bit"):
        mail = EmailMessage()
        mail.set_content(bird.story, cte=cte)
        assert found_in(decoded(mail.as_bytes())), cte
    for written in (f"/desk?q={quote(bird.name)}", ascii(bird.name), bird.phone, bird.account):
        assert found_in([written]), written


def test_a_log_with_the_words_of_failures_is_caught(tmp_path: Path) -> None:
    """The control of the logs: the standard library's own way of writing a failure."""
    import logging

    careless = io.StringIO()
    handler = logging.StreamHandler(careless)
    logging.getLogger("uvicorn.error").addHandler(handler)
    try:
        with running(tmp_path) as house:
            flown(house, 1)
    finally:
        logging.getLogger("uvicorn.error").removeHandler(handler)
    assert found_in([careless.getvalue()])


def test_a_flow_that_fails_in_its_own_words_is_caught(prefect: Server, tmp_path: Path) -> None:
    """The control of Prefect: a flow that does not do its acts privately."""
    bird = Canary(0)

    @flow(name="careless", retries=0, persist_result=False)
    def careless() -> None:
        raise ValueError(bird.account)

    assert careless(return_state=True).is_failed()
    kept = [text for text in in_files(HOME) if bird.account in text]
    assert found_in(kept)
