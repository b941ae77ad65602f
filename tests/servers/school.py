"""A school's mail on loopback: Postfix that sends and receives, Dovecot that keeps and shows.

Both are Debian's, run with folders and ports of their own. Postfix must be started by root.
Everybody of `school.example` logs in with the same password; Postfix lets each write only from the
own address (with any tag), and says so in an Authentication-Results header under its name. Its
bounces say what was not delivered without the Message-ID, as many servers' do.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from notifications.imap import Account
from office.settings import Tls
from tests.notifications.servers import HOST, self_signed

DOMAIN, NAME = "school.example", "mx.school.example"
PASSWORD = "loopback-1"
DUBAN = f"duban@{DOMAIN}"
GONE = f"gone@{DOMAIN}"
"""Postfix takes letters for it and finds out later that there is no such mailbox."""
NOBODY = f"nobody@{DOMAIN}"
"""Postfix refuses letters for it at once, at RCPT TO."""
LOOK = 0.05
"""Seconds between two looks at what Postfix has not delivered yet."""
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
POSTFIX, DOVECOT = (shutil.which(name, path=_PATH) for name in ("postfix", "dovecot"))
AVAILABLE = bool(POSTFIX and DOVECOT and shutil.which("swaks") and os.geteuid() == 0)
WANTED = AVAILABLE or bool(os.environ.get("CI"))
MISSING = "apt-get install postfix dovecot-imapd dovecot-lmtpd swaks, and run the tests as root"


@dataclass(frozen=True, slots=True)
class School:
    """The servers' ports, and the file of the certificate that they show."""

    folder: Path
    imap: int
    """STARTTLS is offered; a login without it is allowed, on loopback."""
    imaps: int
    smtp: int
    """Takes mail for the school from anybody."""
    submission: int
    """Takes mail from whoever logs in after STARTTLS."""
    duban: int
    """Where our LMTP door is expected, if mail for `duban` is to go there."""
    trust: Path

    def flush(self) -> None:
        """Postfix tries at once again what it could not deliver."""
        subprocess.run([str(POSTFIX), "-c", str(self.folder / "postfix"), "flush"], check=True)

    def drain(self) -> None:
        """Until Postfix has delivered all that it took."""
        queues = ("incoming", "active", "deferred")  # in the order in which a mail moves
        while waiting := [name for name in queues if self._holds_mail(name)]:
            if waiting == ["deferred"]:
                self.flush()  # of itself it would wait for minutes
            time.sleep(LOOK)

    def _holds_mail(self, queue: str) -> bool:
        return any(path.is_file() for path in (self.folder / "spool" / queue).rglob("*"))

    def empty(self) -> None:
        """Every mailbox, and its numbering, is gone."""
        for mailbox in (self.folder / "mail").iterdir():
            while mailbox.exists():  # a session that is just ending tidies up there too
                shutil.rmtree(mailbox, ignore_errors=True)

    def number_anew(self, user: str = "duban") -> None:
        """The mailbox loses its numbering, as after a restore: another UIDVALIDITY."""
        folder = self.folder / "mail" / user
        uids = folder / "dovecot-uidlist"
        head, _, rest = uids.read_text().partition("\n")
        old = next(word for word in head.split() if word.startswith("V"))
        uids.write_text(head.replace(old, f"V{int(old[1:]) + 1}") + "\n" + rest)
        for index in folder.glob("dovecot.index*"):
            index.unlink()

    def append(self, user: str, *mails: bytes) -> None:
        """Mails that are in somebody's mailbox."""
        with IMAPClient(HOST, self.imap, ssl=False) as client:
            client.login(user, PASSWORD)
            for raw in mails:
                client.append("INBOX", raw)

    def seen(self, user: str = DUBAN) -> set[int]:
        """The mails that are marked as seen."""
        with IMAPClient(HOST, self.imap, ssl=False) as client:
            client.login(user, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            return set(client.search(["SEEN"]))

    def account(self, user: str = DUBAN, tls: Tls = "none") -> Account:
        """The mailbox of somebody."""
        port = self.imaps if tls == "tls" else self.imap
        return Account(HOST, port, tls, user, PASSWORD)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at now."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def dovecot(folder: Path, imap: int, imaps: int, lmtp: int, auth: Path, trust: Path
            ) -> Iterator[None]:  # fmt: skip
    """A Dovecot that knows everybody by the one password."""
    owner = pwd.getpwnam("mail")
    mail = folder / "mail"
    mail.mkdir()
    os.chown(mail, owner.pw_uid, owner.pw_gid)
    config = folder / "dovecot.conf"
    config.write_text(
        DOVECOT_CONF.format(
            folder=folder, imap=imap, imaps=imaps, lmtp=lmtp, uid=owner.pw_uid, gid=owner.pw_gid,
            password=PASSWORD, auth=auth, certificate=trust,
        )
    )  # fmt: skip
    process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(config)])
    try:
        for port in (imap, lmtp):
            _await(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


DOVECOT_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Ln
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
recipient_delimiter = +
default_process_limit = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {auth} {{
    mode = 0666
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@contextmanager
def postfix(folder: Path, smtp: int, submission: int, lmtp: int, duban: int, auth: Path,
            trust: Path, by_lmtp: bool) -> Iterator[None]:  # fmt: skip
    """A Postfix for `school.example`; mail for duban goes to our own door if `by_lmtp`."""
    config, spool = folder / "postfix", folder / "spool"
    for made in (config, spool, folder / "lib"):
        made.mkdir()
    owner = pwd.getpwnam("postfix")
    os.chown(folder / "lib", owner.pw_uid, owner.pw_gid)
    ours = f"lmtp:inet:{HOST}:{duban}" if by_lmtp else f"lmtp:inet:{HOST}:{lmtp}"
    (config / "main.cf").write_text(
        MAIN.format(
            folder=folder, spool=spool, config=config, name=NAME, domain=DOMAIN, lmtp=lmtp,
            ours=ours, duban=DUBAN, gone=GONE, nobody=NOBODY, certificate=trust, auth=auth,
        )
    )  # fmt: skip
    (config / "logins").write_text(f"/^([^+]+)(\\+.+)?@{DOMAIN}$/ $1\n")
    (config / "vouch").write_text(f"/^(.+@{DOMAIN})$/ PREPEND {VOUCHED}\n")
    (config / "strip").write_text(f"/^Authentication-Results:\\s*{NAME}/ IGNORE\n")
    (config / "bare").write_text("/^Message-ID:/ IGNORE\n")
    (config / "master.cf").write_text(
        MASTER.format(smtp=smtp, submission=submission, config=config)
    )
    subprocess.run([str(POSTFIX), "-c", str(config), "start"], check=True, capture_output=True)
    try:
        _await(submission)
        yield
    finally:
        subprocess.run([str(POSTFIX), "-c", str(config), "stop"], check=True, capture_output=True)


VOUCHED = f"Authentication-Results: {NAME}; auth=pass smtp.auth=$1"
MAIN = """
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {folder}/lib
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = {name}
mydestination =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ {{ {duban} = {ours} }}, {{ {gone} = gone: }} }}
recipient_delimiter = +
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_local_domain = {domain}
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
lmtp_destination_recipient_limit = 1
alias_maps =
vouching = check_recipient_access inline:{{
        {{ {nobody} = 550 5.1.1 no such mailbox here }} }}
    reject_sender_login_mismatch, check_sender_access regexp:{config}/vouch,
    permit_sasl_authenticated, reject
"""
MASTER = """
{smtp} inet n - n - - smtpd
  -o cleanup_service_name=strip
strip unix n - n - 0 cleanup
  -o header_checks=regexp:{config}/strip
{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sender_login_maps=regexp:{config}/logins
  -o smtpd_recipient_restrictions=$vouching
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
  -o internal_mail_filter_classes=bounce
  -o cleanup_service_name=bare
bare unix n - n - 0 cleanup
  -o nested_header_checks=regexp:{config}/bare
gone unix - n n - - pipe
  user=nobody argv=/bin/sh -c {{ exit 67 }}
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n 1000? 1 tlsmgr
"""


@contextmanager
def school(by_lmtp: bool = False) -> Iterator[School]:
    """Both servers, in a folder of their own that goes with them."""
    folder = Path(tempfile.mkdtemp(prefix="duban-mail-"))
    folder.chmod(0o755)
    self_signed(folder)
    trust = folder / "relay.pem"
    auth = folder / "auth.sock"
    imap, imaps, lmtp, smtp, submission, duban = free_ports(6)
    try:
        with (
            dovecot(folder, imap, imaps, lmtp, auth, trust),
            postfix(folder, smtp, submission, lmtp, duban, auth, trust, by_lmtp),
        ):
            yield School(folder, imap, imaps, smtp, submission, duban, trust)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(port: int, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Until somebody listens there."""
    while True:
        assert process is None or process.poll() is None, "it ended by itself"
        with socket.socket() as trial:
            if trial.connect_ex((HOST, port)) == 0:
                return
