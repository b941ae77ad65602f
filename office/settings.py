"""What one installation has chosen: `duban.toml`, and DUBAN_… variables over it.

Only the doors load it. A nested key is written with two underscores: DUBAN_MAIL__HOST. Secrets
(`mail.password`, `inbox.password`, `database`) can be given as the path of a file by the same key
with `_file`, and appear in no text that Duban prints.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from inspections.notes import COSIGNATURE, NotSigned, Verifier, read_verifier
from responsibilities.problem import did_you_mean
from responsibilities.words import Language, Refused, Words

FILE = "duban.toml"
PREFIX = "DUBAN_"
TERMINAL, TESTS = "DUBAN_LANG", "DUBAN_TEST_"
"""Not settings: the language of the terminal, and what only the tests read."""
Tls = Literal["none", "starttls", "tls"]
Digest = Literal["daily", "round"]
Subject = Literal["state", "steady"]
Adoption = Literal["one", "two"]
Vendor = Literal["wecom", "dingtalk", "feishu"]
Metrics = Literal["local", "everybody", "nobody"]
LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Mail:
    """How letters leave. Without `host` they go to the Maildir."""

    host: str = ""
    port: int = 0
    """0: 465 with tls, 587 with starttls, 25 with none."""
    tls: Tls = "tls"
    login: str = ""
    password: str = field(default="", repr=False)
    sender: str = "duban@school.example"
    """The address that letters come from and are answered to."""
    sender_name: str = ""
    """Empty: the name of the plan's office."""
    reply_to: str = ""
    """Empty: the sender."""
    recipient_delimiter: str = "+"
    """What the mail server puts between a mailbox and a tag; empty: it knows no tags."""
    verp: bool = False
    """Whether each letter has an envelope sender of its own, by which its bounce is known."""
    answer_days: int = 180
    """How long a letter can be answered."""
    maildir: Path = Path("Maildir")
    """Inside the data folder unless absolute."""
    subject: Subject = "state"
    """`state`: the subject says how it stands; `steady`: it never changes, for programs that group
    letters by it (QQ Mail, Outlook)."""
    digest: Digest = "daily"
    """`daily`: one letter a mailbox and day, urgent ones alone; `round`: one a round."""
    per_minute: int = 20
    per_hour: int = 200
    domain_per_minute: int = 0
    """To any one domain of recipients; 0: no limit but the relay's."""
    domain_per_hour: int = 0
    connections: int = 4
    dkim_selector: str = ""
    """Under `selector._domainkey` of the sender's domain; empty: the relay signs, or nobody."""
    dkim_key: str = field(default="", repr=False)
    """The private key as PEM (in a file: `dkim_key_file`)."""
    nameserver: str = ""
    """Whom `duban doctor` asks, e.g. 127.0.0.1:5353; empty: the machine's own."""

    @property
    def bounce_delimiter(self) -> str:
        """What stands before the tag of an envelope sender; empty: senders carry none."""
        return self.recipient_delimiter if self.verp else ""

    @property
    def relay_port(self) -> int:
        """The port to connect to."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.tls]


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where answers come in: by IMAP if there is a `host`, by LMTP if there is an `lmtp`."""

    host: str = ""
    port: int = 0
    """0: 993 with tls, 143 otherwise."""
    tls: Tls = "tls"
    login: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    every: int = 60
    """Seconds between two looks into the mailbox."""
    lmtp: str = ""
    """`127.0.0.1:2424`, or the path of a socket; empty: no listener."""
    authserv_id: str = ""
    """The name under which the own mail server writes Authentication-Results; empty: none does."""

    @property
    def imap_port(self) -> int:
        """The port to connect to."""
        return self.port or (993 if self.tls == "tls" else 143)


@dataclass(frozen=True, slots=True)
class Journal:
    """A mailbox that gets a copy of every letter, and is asked before one is sent again."""

    host: str = ""
    """Its IMAP server; empty: there is no journal."""
    port: int = 0
    """0: 993 with tls, 143 otherwise."""
    tls: Tls = "tls"
    login: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    address: str = ""
    """Gets each letter as a second recipient; empty: the relay copies by itself (always_bcc)."""
    grace: int = 15
    """Minutes after which a copy that has not come counts as never sent."""

    @property
    def imap_port(self) -> int:
        """The port to connect to."""
        return self.port or (993 if self.tls == "tls" else 143)


@dataclass(frozen=True, slots=True)
class Record:
    """How the record is signed."""

    key: Path = Path("record.key")
    """The file of the signing key, inside the data folder unless absolute; made when missing."""
    vault_key: Path = Path("vault.key")
    """The file of the key to personal values, as `key`; without it nobody reads them again."""
    origin: str = ""
    """The record's name in its signed heads; empty: the sender's domain and `/duban`."""
    holders: str = ""
    """Mailboxes that are sent the head every day, divided by 、; best with one outside."""

    witnesses: str = ""
    """Public keys of superior offices that cosign the heads (`duban witness key`), by 、."""

    tsa: str = ""
    """A time stamp authority (RFC 3161) that is asked once a day; empty: none."""
    tsa_roots: Path = Path("tsa.pem")
    """Its root certificates (PEM), inside the data folder unless absolute."""

    @property
    def cosigners(self) -> tuple[Verifier, ...]:
        """The witnesses; NotSigned where a key is none."""
        return tuple(read_verifier(one) for one in re.findall(r"[^\s、，,;；]+", self.witnesses))

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The holders, each once."""
        return tuple(dict.fromkeys(re.findall(r"[^\s、，,;；]+", self.holders)))


@dataclass(frozen=True, slots=True)
class Retention:
    """After how many days what is no longer needed is destroyed; 0: never."""

    incidents: int = 1095
    """After 结案: what people said and typed in it and its tasks, letters about it, its files."""
    letters: int = 1095
    """The text of letters that have left."""
    mails: int = 1095
    """Mails that came in and are evidence of nothing, once they were dealt with."""
    reads: int = 1095
    """Who signed in, and who read what."""
    links: int = 365
    """Whom a link was for, once it has run out."""


def host_and_port(listen: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080`, apart."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the pages are, and for how long who comes to them may stay."""

    listen: str = "127.0.0.1:8080"
    """Where `duban up` serves the pages; empty: nowhere."""
    url: str = ""
    """How the outside reaches it, e.g. https://duban.school.example; empty: addresses are paths,
    and letters carry no links."""
    evidence_listen: str = "127.0.0.1:8081"
    """Where evidence is served, another port than `listen`; empty: from the pages' own origin, to
    be saved only."""
    evidence_url: str = ""
    """How the outside reaches it: another host name than `url`."""
    link_days: int = 180
    """How long a link in a letter lasts at most."""
    link_grace: int = 14
    """Days for which a link to a task outlasts the task."""
    idle_minutes: int = 60
    """Without a page asked for, a session ends after so long."""
    session_hours: int = 12
    """However busy, a session ends after so long."""
    metrics: Metrics = "local"
    """Who may read /metrics: programs on this machine, everybody, or nobody."""

    @property
    def evidence_origin(self) -> str | None:
        """Where a browser gets evidence: `evidence_url`; empty for the pages' own origin; a port of
        this machine where the pages too are for this machine only; None while it is unsaid."""
        if self.evidence_url or not self.evidence_listen:
            return self.evidence_url.rstrip("/")
        hosts = {host_and_port(at)[0] for at in (self.listen, self.evidence_listen)}
        hosts |= {urlsplit(self.url).hostname or ""} if self.url else set()
        alone = hosts <= {"127.0.0.1", "::1", "localhost"}
        return f"http://{self.evidence_listen}" if alone else None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`, which is not empty."""
        return host_and_port(self.listen)


@dataclass(frozen=True, slots=True)
class Screening:
    """How files that come in are looked at."""

    clamd: str = ""
    """A virus scanner, `127.0.0.1:3310` or the path of its socket; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """Signing in by the institution's OpenID Connect provider."""

    issuer: str = ""
    """Its address; `/.well-known/openid-configuration` below it says the rest. Empty: none."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Cas:
    """Signing in by the institution's CAS (统一身份认证)."""

    url: str = ""
    """`https://cas.school.example/cas`; empty: none."""
    verified_mail: str = ""
    """The attribute with the mailbox, which CAS has verified; empty: nobody signs in by CAS."""


@dataclass(frozen=True, slots=True)
class Log:
    """What `duban up` writes to stderr."""

    format: LogFormat = "text"
    """`json`: an object a line, for a collector of logs."""


@dataclass(frozen=True, slots=True)
class Robot:
    """A group robot, `[robots.NAME]` in the file: what it is and which units its group is for."""

    vendor: Vendor = "wecom"
    hook: str = field(default="", repr=False)
    """The robot's address, which is a secret."""
    secret: str = field(default="", repr=False)
    """What it signs with (加签、签名校验); empty: it asks for no signature."""
    units: str = ""
    """Names or ids, divided by 、; empty: all units."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can choose. Relative paths are relative to the folder."""

    folder: Path
    data: Path = Path("data")
    database: str = field(default="", repr=False)
    """SQLAlchemy URL; empty: `duban.sqlite` in the data folder."""
    plan: Path | None = None
    """The plan folder that `duban adopt` reads; None: the worked example."""
    calendars: Path | None = None
    """A folder with the site's own years of working days."""
    language: Language = "zh"
    adoption: Adoption = "one"
    """`two`: whoever changed a draft of the plan cannot approve it; a second person does."""
    outage_after: int = 30
    """Minutes without a reconcile after which lateness counts as the system's own."""
    mail: Mail = field(default_factory=Mail)
    inbox: Inbox = field(default_factory=Inbox)
    journal: Journal = field(default_factory=Journal)
    robots: Mapping[str, Robot] = field(default_factory=dict)
    """By the name of the group."""
    record: Record = field(default_factory=Record)
    portal: Portal = field(default_factory=Portal)
    oidc: Oidc = field(default_factory=Oidc)
    cas: Cas = field(default_factory=Cas)
    log: Log = field(default_factory=Log)
    screening: Screening = field(default_factory=Screening)
    retention: Retention = field(default_factory=Retention)

    @property
    def url(self) -> str:
        """The database."""
        return self.database or f"sqlite:///{self.data / 'duban.sqlite'}"

    @property
    def origin(self) -> str:
        """The record's name in its signed heads."""
        return self.record.origin or f"{self.mail.sender.rpartition('@')[2]}/duban"

    @property
    def held(self) -> Path:
        """Where the last signed head stands outside the database."""
        return self.data / "record.checkpoint"

    @property
    def blobs(self) -> Path:
        """Where evidence files stand."""
        return self.data / "evidence"

    @property
    def outage(self) -> timedelta:
        """As `outage_after`."""
        return timedelta(minutes=self.outage_after)


def load(folder: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of `folder`; Refused names an unknown key, a wrong value, a missing file."""
    path = folder / FILE
    given: dict[str, Any] = {}
    if path.is_file():
        try:
            given = tomllib.loads(path.read_text("utf-8"))
        except UnicodeDecodeError as error:
            raise Refused(
                Words(
                    f"{FILE} 不是 UTF-8 编码，请另存为 UTF-8。", f"{FILE} is not UTF-8; save it so."
                )
            ) from error
        except (tomllib.TOMLDecodeError, OSError) as error:
            raise Refused(
                Words(f"{FILE} 无法读取：{error}。", f"{FILE} cannot be read: {error}.")
            ) from error
    _overlay(given, environ)
    given.pop("folder", None)
    tables = {name: kind(**_table(given, name, kind, folder)) for name, kind in TABLES.items()}
    _well_formed(tables["portal"])
    for mailbox in tables["record"].mailboxes:
        if not re.fullmatch(r"[^@]+@[^@]+", mailbox):
            raise _wrong("record.holders", mailbox, Words("邮箱，以、分隔", "mailboxes"))
    _witnesses(tables["record"])
    if (tsa := tables["record"].tsa) and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", tsa):
        raise _wrong("record.tsa", tsa, Words("http 或 https 地址", "an http or https address"))
    _refuse_clear("oidc.issuer", tables["oidc"].issuer)
    _refuse_clear("cas.url", tables["cas"].url)
    robots = _robots(given, folder)
    read = _values(Settings, given, "", folder)
    return _settled(Settings(folder=folder, robots=robots, **tables, **read), folder)


TABLES: Mapping[str, type] = {
    "mail": Mail,
    "inbox": Inbox,
    "journal": Journal,
    "record": Record,
    "portal": Portal,
    "oidc": Oidc,
    "cas": Cas,
    "log": Log,
    "screening": Screening,
    "retention": Retention,
}


def _well_formed(portal: Portal) -> None:
    for key in ("listen", "evidence_listen"):
        given = getattr(portal, key)
        port = re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})", given)
        if given and not (port and 0 < int(port[1]) < 65536):
            right = Words("地址和端口，如 127.0.0.1:8080", "host and port, as 127.0.0.1:8080")
            raise _wrong(f"portal.{key}", given, right)
    for key in ("url", "evidence_url"):
        _refuse_clear(f"portal.{key}", getattr(portal, key))


def _refuse_clear(key: str, given: str) -> None:
    """Links and passwords travel encrypted, unless they stay on this machine."""
    here = r"https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)"
    if given and not re.fullmatch(rf"(?:{here})[^\s/?#]*(/[^\s?#]*)?", given):
        right = Words("以 https:// 开头的地址", "an https:// address")
        raise _wrong(key, given, right)


def _robots(given: dict[str, Any], folder: Path) -> dict[str, Robot]:
    """Every `[robots.NAME]` of the file."""
    found = given.pop("robots", {})
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise _wrong("robots", found, Words("每个机器人一组键", "a table for each robot"))
    read = {
        name: Robot(**_values(Robot, keys, f"robots.{name}.", folder))
        for name, keys in found.items()
    }
    for name, robot in read.items():
        if not robot.hook.startswith(("https://", "http://127.0.0.1:")):
            right = Words("以 https:// 开头的地址（不在此显示）", "an https:// address, not shown")
            raise _wrong(f"robots.{name}.hook", "…", right)
    return read


def _table(given: dict[str, Any], name: str, kind: type, folder: Path) -> dict[str, Any]:
    """The values of one table of the file, taken out of `given`."""
    keys = given.pop(name, {})
    if not isinstance(keys, dict):
        raise _wrong(name, keys, Words("一组键", "a table of keys"))
    return _values(kind, keys, f"{name}.", folder)


def _settled(settings: Settings, folder: Path) -> Settings:
    """The same with every path joined to the folder."""
    data = folder / settings.data
    return replace(
        settings,
        data=data,
        plan=None if settings.plan is None else folder / settings.plan,
        calendars=None if settings.calendars is None else folder / settings.calendars,
        mail=replace(settings.mail, maildir=data / settings.mail.maildir),
        record=replace(
            settings.record,
            key=data / settings.record.key,
            vault_key=data / settings.record.vault_key,
            tsa_roots=data / settings.record.tsa_roots,
        ),
        portal=_reachable(settings.portal, settings.mail),
    )


def _reachable(portal: Portal, mail: Mail) -> Portal:
    """Letters that only go to this machine's Maildir may link to this machine's pages."""
    if portal.url or not portal.listen or mail.host:
        return portal
    host, port = portal.address
    return replace(portal, url=f"http://localhost:{port}") if host == "127.0.0.1" else portal


def _overlay(given: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Put DUBAN_… variables over what the file says."""
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name == TERMINAL or name.startswith(TESTS):
            continue
        *outer, key = name.removeprefix(PREFIX).lower().split("__")
        place = given
        for part in outer:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise _unknown(name, ())
        place[key] = value


def _values(kind: type, given: Mapping[str, Any], prefix: str, folder: Path) -> dict[str, Any]:
    known = {f.name: f for f in fields(kind) if f.name not in ("folder", "robots", *TABLES)}
    secrets = {name for name, f in known.items() if not f.repr}
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = key.removesuffix("_file")
        if key != name and name in secrets:
            found[name] = _secret(folder / str(value), prefix + key)
        elif key in known:
            default = known[key].default
            found[key] = _value(prefix + key, value, None if default is MISSING else default)
        else:
            keys = [*known, *(f"{secret}_file" for secret in secrets)]
            raise _unknown(prefix + key, [prefix + k for k in keys])
    return found


def _secret(path: Path, key: str) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise Refused(
            Words(
                f"设置 {key} 指向的文件“{path}”无法读取。",
                f"The file “{path}” that {key} names cannot be read.",
            )
        ) from error


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "mail.tls": get_args(Tls),
    "mail.digest": get_args(Digest),
    "mail.subject": get_args(Subject),
    "inbox.tls": get_args(Tls),
    "journal.tls": get_args(Tls),
    "adoption": get_args(Adoption),
    "language": get_args(Language),
    "portal.metrics": get_args(Metrics),
    "log.format": get_args(LogFormat),
    "robots.*.vendor": get_args(Vendor),
}


def _value(key: str, value: Any, default: Any) -> Any:
    """`value` as the kind that `default` shows; None and paths are paths."""
    choices = _CHOICES.get(re.sub(r"^robots\.[^.]+\.", "robots.*.", key))
    if choices is not None:
        if value not in choices:
            listed = "、".join(choices)
            raise _wrong(key, value, Words(listed, listed.replace("、", ", ")))
        return value
    if isinstance(default, bool):
        return _truth(key, value)
    if isinstance(default, int):
        return _number(key, value)
    if not isinstance(value, str):
        raise _wrong(key, value, Words("文字", "text"))
    return value if isinstance(default, str) else Path(value)


def _truth(key: str, value: object) -> bool:
    """TOML's own, or the same word in a variable."""
    said = str(value).lower()
    if said not in ("true", "false"):
        raise _wrong(key, value, Words("true 或 false", "true or false"))
    return said == "true"


def _number(key: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if isinstance(value, bool) or number < 0:
        raise _wrong(key, value, Words("非负整数", "a whole number, not negative"))
    return number


def _witnesses(record: Record) -> None:
    """Refused where a witness's key is none: it must say when it signed (type 0x04)."""
    try:
        good = all(one.kind == COSIGNATURE for one in record.cosigners)
    except NotSigned:
        good = False
    if not good:
        right = Words(
            "见证单位的公钥（duban witness key 所显示的），以、分隔",
            "keys as duban witness key shows them",
        )
        raise _wrong("record.witnesses", record.witnesses, right)


def _wrong(key: str, value: object, right: Words) -> Refused:
    return Refused(
        Words(
            f"设置 {key} 的值 {value!r} 不对，应为{right.zh}。",
            f"The setting {key} cannot be {value!r}; it should be {right.en}.",
        )
    )


def _unknown(key: str, known: Any) -> Refused:
    near = did_you_mean(key, known)
    zh, en = (f" {near.zh}", f" {near.en}") if near else ("", "")
    return Refused(Words(f"没有“{key}”这项设置。{zh}", f"There is no setting “{key}”.{en}"))
