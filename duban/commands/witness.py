"""`witness`: a superior office cosigns a record's heads; the record's office asks and keeps."""

from datetime import UTC, datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from duban.console import Exit, in_words, now_option, say
from duban.desk import desk, settings_of
from inspections.notes import ED25519, NotSigned, Signer, is_name, read_verifier
from inspections.witnessing import Fork, Seen
from office.cosigning import KEY, STATE, answer_mailbox, cosign_request, own_key
from office.inbox import account
from office.seal import last_sealed
from office.witnesses import request_for, take_cosigned
from responsibilities.words import Refused, Words
from storage.engine import reading
from storage.key_file import read_key, write_key
from storage.witness_file import read_seen, write_seen

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    help=say(
        "见证：上级单位核对检查点只增不改，并以自己的密钥副署。上级单位用 key、trust、sign，"
        "记录的办公室用 ask、take。",
        "Witnessing: a superior office sees that the record only grows, and cosigns its heads. It "
        "uses key, trust and sign; the record's office uses ask and take.",
    )
)
def witness() -> None:
    """Nothing by itself."""


@witness.command(
    help=say(
        "上级单位：显示本单位的见证公钥；首次给出 --name（如 bureau.example/witness）生成密钥。",
        "Superior office: show its own public key; --name makes the key the first time.",
    )
)
@click.option("--name", default="", help=say("见证单位的名称", "the witness's name"))
@click.option("--folder", type=_FOLDER, default=Path("."), help=say("存放处", "where it is kept"))
def key(name: str, folder: Path) -> None:
    signer = read_key(folder / KEY)
    if signer is None:
        if not is_name(name):
            raise click.UsageError(say("请用 --name 给出名称", "give it a name by --name"))
        signer = Signer(name, Ed25519PrivateKey.generate().private_bytes_raw())
        write_key(folder / KEY, signer)
    click.echo(str(signer.cosigner))


@witness.command(
    help=say(
        "上级单位：登记一份记录的公钥。公钥须由本人与方案附件所印的核对，不能从来信中抄取。",
        "Superior office: take up a record by its key, compared by a person with the printed one.",
    )
)
@click.argument("vkey", metavar=say("公钥", "KEY"))
@click.option("--folder", type=_FOLDER, default=Path("."), help=say("存放处", "where it is kept"))
def trust(vkey: str, folder: Path) -> None:
    try:
        log = read_verifier(vkey)
    except NotSigned as error:
        raise Refused(Words("不是公钥。", "This is no public key.")) from error
    if log.kind != ED25519:
        raise Refused(Words("这是见证单位的公钥。", "This is the key of a witness."))
    seen = read_seen(folder / STATE)
    if log.name in seen and seen[log.name].log != log:
        raise Refused(
            Words(
                f"“{log.name}”已登记了另一把公钥；更换密钥须先核对记录中的更换（新旧共同签名）。"
                f"核对后请从“{folder / STATE}”中删去旧的一项，再登记。",
                f"“{log.name}” has another key already. See in a pack that both have signed the "
                f"change, take the old entry out of “{folder / STATE}”, and come again.",
            )
        )
    write_seen(folder / STATE, {**seen, log.name: seen.get(log.name, Seen(log))})
    click.echo(say(f"已登记“{log.name}”。", f"Taken up: “{log.name}”."))


@witness.command(
    help=say(
        "上级单位：核对送来的检查点并副署，写在原文件旁（.cosigned）。"
        "分叉的拒绝，并以退出码 1 告知。",
        "Superior office: check the requests and cosign them, each beside its file (.cosigned). "
        "A fork is refused, with exit code 1.",
    )
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar=say("文件…", "FILES…"))
@click.option("--folder", type=_FOLDER, default=Path("."), help=say("存放处", "where it is kept"))
@now_option
def sign(files: tuple[Path, ...], folder: Path, now: datetime) -> int:
    worst = Exit.OK
    for path in files:
        try:
            made = cosign_request(path.read_bytes(), folder, now)
        except (Refused, NotSigned) as refused:
            worst = Exit.FOUND
            why = in_words(refused.words) if isinstance(refused, Refused) else str(refused)
            click.echo(f"{'!!' if isinstance(refused, Fork) else '✗'} {path}: {why}", err=True)
            continue
        answer = path.with_name(f"{path.name}.cosigned")
        answer.write_bytes(made.note)
        _say(made, str(answer))
    return worst


@witness.command(
    help=say(
        "上级单位：收取邮箱中下级单位的存档信，核对、副署并回信；"
        "信箱和发信用 duban.toml 的 inbox、mail。",
        "Superior office: read the letters in its mailbox, check and cosign their heads and "
        "answer; inbox and mail of duban.toml say which.",
    )
)
@click.option("--folder", type=_FOLDER, default=Path("."), help=say("存放处", "where it is kept"))
@now_option
@click.pass_obj
def collect(home: Path, folder: Path, now: datetime) -> int:
    settings, worst = settings_of(home), Exit.OK
    own_key(folder)
    for one in answer_mailbox(account(settings.inbox), settings.mail, folder, now):
        if one.seen is not None:
            _say(one.seen, one.sender)
        if one.refused is not None:
            worst = Exit.FOUND
            mark = "!!" if isinstance(one.refused, Fork) else "✗"
            click.echo(f"{mark} {one.sender}: {in_words(one.refused.words)}", err=True)
    return worst


def _say(made: Seen, where: str) -> None:
    head = made.head
    assert head is not None
    click.echo(
        say(
            f"✓ “{head.origin}”第{head.size}条 {head.short}，已副署：{where}",
            f"✓ “{head.origin}” {head.size} facts {head.short}, cosigned: {where}",
        )
    )


@witness.command(
    help=say(
        "记录的办公室：写出请上级单位副署的文件（最近的检查点，和接续上次副署的证明）。",
        "The record's office: write what a witness is asked to cosign.",
    )
)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.pass_obj
def ask(home: Path, target: Path) -> None:
    with desk(home) as at:
        kept = last_sealed(at.db)
        if kept is None:
            raise Refused(
                Words(
                    "办理记录还没有签名；请运行 duban record --seal。",
                    "The record has not been signed yet; run duban record --seal.",
                )
            )
        with reading(at.db) as connection:
            asked = request_for(connection, kept.signed, at.settings.record.cosigners)
    target.write_bytes(asked.text())
    size = kept.signed.checkpoint.size
    click.echo(
        say(f"已写入 {target}：第{asked.old}条至第{size}条。", f"{target}: {asked.old} to {size}.")
    )


@witness.command(
    help=say(
        "记录的办公室：收下上级单位的副署；须是 record.witnesses 所列的单位、本记录的检查点。",
        "The record's office: keep what witnesses of record.witnesses have cosigned.",
    )
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar=say("文件…", "FILES…"))
@click.pass_obj
def take(home: Path, files: tuple[Path, ...]) -> None:
    with desk(home) as at:
        for path in files:
            for one in take_cosigned(at.db, path.read_bytes(), at.settings.record.cosigners):
                name, moment = one.by.partition("+")[0], f"{one.at.astimezone(UTC):%Y-%m-%d %H:%MZ}"
                click.echo(
                    say(
                        f"“{name}”于 {moment} 副署至第{one.size}条。",
                        f"“{name}” cosigned {one.size} facts at {moment}.",
                    )
                )
