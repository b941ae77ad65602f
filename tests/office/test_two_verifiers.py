"""P31: the page in the pack says what verify.py says, of good packs and of forged ones."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import inspections
from inspections.checkpoint_print import CheckpointPrint
from inspections.notes import Signer, signed_note
from inspections.verify import verify
from tests.office.desk import Desk
from tests.office.forging import (
    FACTS,
    HEAD,
    KINDS,
    Files,
    head_of,
    mail_with,
    put_together,
    rewritten,
    taken_apart,
    with_record,
)
from tests.office.test_pack import KEY, changed, packed

__all__ = ["packed"]
PAGE = Path(inspections.__file__).parent / "verify.html"
RUNNER = Path(__file__).parents[1] / "inspections" / "verify_html.mjs"


@pytest.fixture(scope="module")
def script() -> Iterator[subprocess.Popen[str]]:
    """The page's script in a JavaScript engine of its own, without a network library in reach."""
    with subprocess.Popen(
        ["node", str(RUNNER), str(PAGE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def by_page(
    script: subprocess.Popen[str], pack: Path, key: str, mails: tuple[str, ...],
    prints: tuple[str, ...], witness: str = "",
) -> Any:  # fmt: skip
    """What the page finds."""
    write, read = script.stdin, script.stdout
    assert write is not None
    assert read is not None
    write.write(
        json.dumps(
            {"pack": str(pack), "key": key, "mails": mails, "prints": prints, "witness": witness}
        )
        + "\n"
    )
    write.flush()
    return json.loads(read.readline())


def spoiled(path: Path, files: Files, random: Random) -> Path:
    """A pack with one file left out, or with one byte of it changed, its manifests as they were."""
    name = random.choice(sorted(files))
    data = bytearray(files[name])
    if random.random() < 0.3 or not data:
        return changed(path, name, None)
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return changed(path, name, bytes(data))


def forged(path: Path, files: Files, number: int, random: Random, held: int) -> Path:
    """A good pack (every fourth), a spoiled one, or a record rewritten with or without the key."""
    records = files[FACTS].splitlines()
    kind = number % 4
    if kind == 0:
        return put_together(with_record(files, records, KEY), path.with_name("good.zip"))
    if kind == 1:
        return spoiled(path, files, random)
    other = rewritten(records, KINDS[number // 4 % 5], held, random)
    made = with_record(files, other, KEY if kind == 2 else None)
    return put_together(made, path.with_name("forged.zip"))


def test_the_two_verifiers_agree(
    packed: tuple[Desk, Path], script: subprocess.Popen[str], tmp_path: Path, full: bool
) -> None:
    """2,000 packs under --full, 500 of them good, shared by the two kinds of database: the same
    verdict of each, and word for word where what is in it can be read at all."""
    path = packed[1]
    files = taken_apart(path)
    records = files[FACTS].splitlines()
    random = Random(31)
    good = 0
    for number in range(1_000 if full else 40):
        held = random.randrange(2, len(records) + 1)
        head = head_of(records[:held], KEY)
        mail = str(mail_with(head, tmp_path / "kept.eml", random))
        paper = CheckpointPrint(head)
        lines = [paper.line.zh, paper.line.en, head.code(), "第7条 9f2c"]
        prints = (random.choice(lines[: 4 if number % 4 else 3]),)
        pack = forged(path, files, number, random, held)
        key = random.choice(["", str(KEY.verifier)])
        said = [(f.good, f.property, f.words[0]) for f in verify(str(pack), key, (mail,), prints)]
        shown = [
            (f["good"], f["property"], f["words"][0])
            for f in by_page(script, pack, key, (mail,), prints)
        ]  # fmt: skip
        sound = all(one[0] for one in said)
        assert sound is all(one[0] for one in shown), number
        good += sound
        if number % 4 == 1:  # a byte of it is spoiled: the manifests say which file
            said, shown = ([f for f in found if "：data/" in f[2]] for found in (said, shown))
        assert shown == said, number
    assert good == (250 if full else 10)


def test_the_two_agree_on_what_a_witness_has_signed(
    packed: tuple[Desk, Path], script: subprocess.Popen[str], tmp_path: Path
) -> None:
    """A true cosignature, one of another head, one of another key, one moved in time, none."""
    files = taken_apart(packed[1])
    records = files[FACTS].splitlines()
    bureau, other = (Signer("bureau.example/witness", bytes(range(n, n + 32))) for n in (1, 2))
    head = head_of(records[:9], KEY)
    text = head.checkpoint.text()
    good = bureau.cosign(text.encode(), 1_795_000_000)
    elsewhere = replace(head.checkpoint, root=bytes(32)).text()
    notes = [
        (text, bureau.cosigner, good, True),
        (elsewhere, bureau.cosigner, bureau.cosign(elsewhere.encode(), 1_795_000_000), False),
        (text, bureau.cosigner, other.cosign(text.encode(), 1_795_000_000), False),
        (text, bureau.cosigner, good[:7] + bytes([good[7] ^ 1]) + good[8:], False),
        (text, bureau.cosigner, good[:30], False),
    ]
    for said_text, key, cosignature, sound in notes:
        lines = [(head.by, head.signature), (key, cosignature)]
        extra = {
            "data/log/witnessed": signed_note(said_text, lines),
            "data/log/witnesses.txt": f"{bureau.cosigner}\n".encode(),
        }
        pack = put_together(with_record(files | extra, records, KEY), tmp_path / "w.zip")
        for given in ("", str(bureau.cosigner), "bureau.example/witness"):
            said = verify(str(pack), witness=given)
            shown = by_page(script, pack, "", (), (), given)
            assert [tuple(f["words"]) for f in shown] == [f.words for f in said]
            assert all(f.good for f in said) is (sound and given != "bureau.example/witness")
    pack = put_together(with_record(files, records, KEY), tmp_path / "w.zip")
    assert not all(f.good for f in verify(str(pack), witness=str(bureau.cosigner)))


def test_the_page_is_one_file_that_asks_nobody(packed: tuple[Desk, Path]) -> None:
    html = taken_apart(packed[1])["verify.html"].decode()
    assert "default-src 'none'" in html
    for word in ("http:", "https:", "src=", "href=", "fetch(", "XMLHttpRequest", "import("):
        assert word not in html, word


def test_verify_py_needs_no_network(packed: tuple[Desk, Path], tmp_path: Path) -> None:
    """In a network namespace without even a loopback, where the machine grants one."""
    files = taken_apart(packed[1])
    program = tmp_path / "verify.py"
    program.write_bytes(files["verify.py"])
    assert files[HEAD]
    command = [sys.executable, "-I", "-S", str(program), str(packed[1])]
    granted = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    command = ["unshare", "-rn", *command] if granted.returncode == 0 else command
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, "核验通过" in ran.stdout) == (0, True)
