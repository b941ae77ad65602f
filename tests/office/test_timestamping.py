"""RFC 3161: OpenSSL's own authority on loopback stamps the day's head; a bad one stops nothing."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from inspections.notes import Signer
from inspections.verify import Pack, verify
from office.pack import Scope, make_pack
from office.seal import seal
from office.settings import Record, load
from office.timestamping import check_stamp, stamp_head
from responsibilities.words import Refused
from tests.office.desk import WEEKLY, Desk
from tests.office.forging import taken_apart

KEY = Signer("school.example/duban", bytes(range(32)))
_CONFIG = """\
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[signing]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = one
[one]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256,sha512
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """An authority that can be made to misbehave: `answer` replaces what it says."""

    folder: Path
    port: int = 0
    answer: bytes | None = None
    status: int = 200

    @property
    def record(self) -> Record:
        """Settings that name it."""
        root = self.folder / "root.pem"
        return Record(tsa=f"http://127.0.0.1:{self.port}/tsa", tsa_roots=root)

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.openssl("ts -reply -config tsa.cnf -queryfile query -signer tsa.pem -inkey tsa.key "
                     "-out reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def openssl(self, command: str) -> None:
        done = subprocess.run(
            ["openssl", *command.split()], cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG)
    (folder / "serial").write_text("01\n")
    made = Authority(folder)
    for name in ("root", "tsa"):
        made.openssl(f"ecparam -name prime256v1 -genkey -noout -out {name}.key")
        made.openssl(f"req -new -key {name}.key -subj /CN={name}.example -out {name}.csr")
    made.openssl("x509 -req -in root.csr -signkey root.key -days 3650 -extfile tsa.cnf "
                 "-extensions ca -out root.pem")  # fmt: skip
    made.openssl("x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 "
                 "-extfile tsa.cnf -extensions signing -out tsa.pem")  # fmt: skip

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(made.status)
            self.end_headers()
            self.wfile.write(made.stamp(query) if made.answer is None else made.answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        made.port = server.server_port
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def now() -> datetime:
    """The authority is a program of its own and reads the machine's clock."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def signed(desk: Desk, now: datetime) -> Desk:
    desk.adopt(WEEKLY, f"{now - timedelta(days=15):%Y-%m-%d} 08:00")
    desk.reconcile(f"{now - timedelta(days=1):%Y-%m-%d} 08:00")
    seal(desk.db, KEY, now)
    return desk


def test_the_days_head_is_stamped_once_and_openssl_agrees(
    signed: Desk, authority: Authority, now: datetime, tmp_path: Path
) -> None:
    made = stamp_head(signed.db, authority.record, now)
    assert made is not None
    assert stamp_head(signed.db, authority.record, now) is None
    pack = tmp_path / "pack.zip"
    holding = (signed.mail, ())
    make_pack(signed.db, signed.blobs, Scope(), pack, holding=holding)
    roots = authority.record.tsa_roots.read_bytes()
    assert [one.words[0] for one in verify(str(pack)) if not one.good] == []
    [found] = check_stamp(Pack(str(pack)), roots)
    assert (found.good, f"前 {made.size} 条" in found.words[0]) == (True, True), found
    [found] = check_stamp(Pack(str(pack)), b"")
    assert "尚未核验" in found.words[0]
    files = taken_apart(pack)
    assert f"前 {made.size} 条于" in files["data/index.html"].decode()
    for name in ("stamped", "stamped.tsr"):
        (authority.folder / name).write_bytes(files[f"data/log/{name}"])
    authority.openssl("ts -verify -data stamped -in stamped.tsr -CAfile root.pem")


def test_another_authority_s_roots_do_not_vouch_for_it(
    signed: Desk, authority: Authority, now: datetime, tmp_path: Path
) -> None:
    stamp_head(signed.db, authority.record, now)
    pack = tmp_path / "pack.zip"
    make_pack(signed.db, signed.blobs, Scope(), pack)
    authority.openssl("req -x509 -new -key root.key -subj /CN=other.example -out other.pem")
    other = (authority.folder / "other.pem").read_bytes()
    assert not check_stamp(Pack(str(pack)), other)[0].good


@pytest.mark.parametrize("fault", ["silent", "refused", "rubbish", "of another day", "wrong root"])
def test_what_a_bad_authority_says_is_not_kept(
    signed: Desk, authority: Authority, now: datetime, fault: str, tmp_path: Path
) -> None:
    record = authority.record
    if fault == "silent":
        record = Record(tsa="http://127.0.0.1:9/tsa", tsa_roots=record.tsa_roots)
    elif fault == "refused":
        authority.status = 503
    elif fault == "rubbish":
        authority.answer = b"0\x03\x02\x01\x00"
    elif fault == "of another day":  # a true stamp of something else, played again
        authority.openssl("ts -query -data tsa.cnf -sha512 -cert -out query")
        authority.answer = authority.stamp((authority.folder / "query").read_bytes())
    else:
        authority.openssl("req -x509 -new -key tsa.key -subj /CN=x.example -out root.pem")
    with pytest.raises(Refused):
        stamp_head(signed.db, record, now)
    pack = tmp_path / "pack.zip"
    make_pack(signed.db, signed.blobs, Scope(), pack)
    assert check_stamp(Pack(str(pack)), b"") == []


def test_a_stamp_far_from_our_clock_is_not_kept(
    signed: Desk, authority: Authority, now: datetime
) -> None:
    with pytest.raises(Refused, match="时钟"):
        stamp_head(signed.db, authority.record, now + timedelta(days=2))


def test_who_names_no_authority_asks_nobody(signed: Desk, now: datetime) -> None:
    assert stamp_head(signed.db, Record(), now) is None


@pytest.mark.parametrize(("key", "value"), [("TSA", "tsa.example"), ("WITNESSES", "x+y+z")])
def test_what_names_nobody_is_a_wrong_setting(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(Refused, match=f"record.{key.lower()}"):
        load(tmp_path, {f"DUBAN_RECORD__{key}": value})
