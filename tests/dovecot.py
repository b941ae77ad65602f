"""A real IMAP server on loopback: Dovecot over a Maildir of its own, one user, one process tree."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, PASSWORD = "journal@school.example", "code-2"

_CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/Maildir
mailbox_list_index = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Imap:
    """Where it listens, and the Maildir it shows."""

    port: int
    maildir: Path
    owner: pwd.struct_passwd

    def put(self, name: str, message: bytes) -> None:
        """A mail arrives: whole, or not at all."""
        path = self.maildir / "tmp" / name
        path.write_bytes(message)
        if os.geteuid() == 0:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        os.replace(path, self.maildir / "new" / name)

    def clear(self) -> None:
        """All its mails are gone."""
        for part in ("new", "cur"):
            for path in (self.maildir / part).iterdir():
                path.unlink()


@contextmanager
def dovecot() -> Iterator[Imap]:
    """Dovecot with an empty mailbox, until the block ends. Debian: dovecot-imapd."""
    home = Path(tempfile.mkdtemp(prefix="duban-imap-"))
    root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
    served = Imap(_free_port(), home / "Maildir", owner)
    for part in ("Maildir", "Maildir/tmp", "Maildir/new", "Maildir/cur"):
        (home / part).mkdir()
        if root:
            os.chown(home / part, owner.pw_uid, owner.pw_gid)
    home.chmod(0o755)
    me = pwd.getpwuid(os.geteuid()).pw_name
    config = home / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            home=home, port=served.port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
            internal="dovecot" if root else me, login="dovenull" if root else me,
            group="dovecot" if root else pwd.getpwuid(os.geteuid()).pw_name,
        )
    )  # fmt: skip
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)])
    try:
        _await(served.port, process)
        yield served
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as one:
            if one.recv(4).startswith(b"* OK"):
                return
        time.sleep(0.05)
    raise AssertionError(f"dovecot ended with {process.returncode}")
