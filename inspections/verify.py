"""督办证据包核验 / verifies a pack of evidence. Standard library only; runs offline, as it stands.

    python3 verify.py 证据包.zip [--key 公钥] [--mail 信函.eml ...] [--print 短码 ...]
                              [--witness 见证单位公钥]

It is part of every pack, and `duban verify` runs the same file. It trusts nothing in the pack but
the key given by `--key` (as printed in the plan's appendix); without it, the key found in the pack
is shown so that a person can compare it.
"""

import argparse
import base64
import binascii
import csv
import email
import email.policy
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from glob import glob
from typing import Any, BinaryIO, NamedTuple

Words = tuple[str, str]
"""A sentence in Chinese and in English."""
CHUNK = 1 << 20


class Finding(NamedTuple):
    """One thing that was looked at."""

    good: bool
    property: str
    """真实 authentic, 完整 complete, 可用 usable, 安全 safe (DA/T 70)."""
    words: Words


class Pack:
    """The files of a pack by name, from a zip or an unpacked folder."""

    def __init__(self, path: str) -> None:
        self._zip = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else None
        self._base = path.rstrip("/") + "/"
        if self._zip is not None:
            names = [name for name in self._zip.namelist() if not name.endswith("/")]
            tops = {name.partition("/")[0] for name in names}
            self._base = f"{tops.pop()}/" if len(tops) == 1 else ""
            self.doubled = len(names) != len(set(names))
            self.names = {name.removeprefix(self._base) for name in names}
        else:
            found = glob(f"{glob_escaped(self._base)}**", recursive=True, include_hidden=True)
            self.doubled = False
            self.names = {name.removeprefix(self._base) for name in found if is_file(name)}

    def open(self, name: str) -> BinaryIO:
        """The bytes of one file."""
        if self._zip is not None:
            return self._zip.open(self._base + name)  # type: ignore[return-value]
        return open(self._base + name, "rb")

    def text(self, name: str) -> str:
        """A small file as text; empty where there is none."""
        if name not in self.names:
            return ""
        with self.open(name) as file:
            return file.read().decode("utf-8", "replace")


def verify(
    path: str, key: str = "", mails: tuple[str, ...] = (), prints: tuple[str, ...] = (),
    witness: str = "",
) -> list[Finding]:  # fmt: skip
    """Everything that was looked at in the pack, good and bad, in the order of looking."""
    try:
        pack = Pack(path)
    except (OSError, zipfile.BadZipFile) as error:
        return [bad("可用", f"证据包无法打开：{error}", f"the pack cannot be opened: {error}")]
    found = list(check_bag(pack))
    if not pack.names >= {"data/log/facts.jsonl", "data/log/checkpoint", "data/log/keys.txt"}:
        return [*found, bad("完整", "缺少办理记录或检查点", "the record or its head is missing")]
    try:
        heads, mail_findings = held_heads(pack, mails, prints)
        witnessed, witness_findings = cosigned(pack, witness)
        heads += witnessed
        found += mail_findings + witness_findings
        found += check_record(pack, key, heads)
        found += check_expected(pack)
        found += check_evidence(pack)
        found += check_openings(pack)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found.append(bad("真实", f"内容无法解读（{error}）", f"unreadable content ({error})"))
    return found


# ---- the bag (RFC 8493): every file is what the manifests say, and nothing else is there ----


def check_bag(pack: Pack) -> Iterator[Finding]:
    """The four manifests against the files."""
    wrong = False
    if not pack.text("bagit.txt").startswith("BagIt-Version: 1.0\n") or pack.doubled:
        wrong = True
        yield bad("可用", "不是有效的 BagIt 1.0 包", "not a valid BagIt 1.0 bag")
    for prefix, covered in (("", payload(pack)), ("tag", tags(pack))):
        used = [one for one in ("sha256", "sha512") if f"manifest-{one}.txt" in pack.names]
        for algorithm in used or ["sha256"]:
            listed = manifest(pack, f"{prefix}manifest-{algorithm}.txt")
            for name in sorted(covered ^ set(listed)):
                wrong = True
                where = ("缺少文件", "missing") if name in listed else ("多出文件", "unlisted")
                yield bad("完整", f"{where[0]}：{name}", f"{where[1]}: {name}")
            for name in sorted(covered & set(listed)):
                if digest(pack, name, algorithm) != listed[name]:
                    wrong = True
                    yield bad("真实", f"文件已被改动：{name}", f"the file was changed: {name}")
    if not wrong:
        count = len(pack.names)
        yield good("完整", f"清单所列 {count} 个文件齐全，内容相符", f"{count} files as listed")


def payload(pack: Pack) -> set[str]:
    """What the manifests must list."""
    return {name for name in pack.names if name.startswith("data/")}


def tags(pack: Pack) -> set[str]:
    """What the tag manifests must list."""
    return {name for name in pack.names if not name.startswith(("data/", "tagmanifest-"))}


def manifest(pack: Pack, name: str) -> dict[str, str]:
    """File name -> digest."""
    rows = (line.split("  ", 1) for line in pack.text(name).split("\n") if "  " in line)
    return {unescaped(file): hashed.lower() for hashed, file in rows}


def unescaped(name: str) -> str:
    """RFC 8493 writes line ends and the percent sign of a file name so."""
    return name.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def digest(pack: Pack, name: str, algorithm: str) -> str:
    """The digest of a file, read in pieces."""
    summed = hashlib.new(algorithm)
    with pack.open(name) as file:
        while piece := file.read(CHUNK):
            summed.update(piece)
    return summed.hexdigest()


# ---- the record: its root is the one that was signed (RFC 9162, c2sp.org/tlog-checkpoint) ----


class Head(NamedTuple):
    """A signed head of the record, and where it was found."""

    size: int
    root: bytes
    """As much of it as is known: eight bytes of what was printed."""
    where: str


def check_record(pack: Pack, key: str, heads: list[Head]) -> Iterator[Finding]:
    """The facts against the checkpoint of the pack, and against those that mails have carried."""
    origin, head, signer = checkpoint(pack)
    vkeys = [line for line in pack.text("data/log/keys.txt").split("\n") if line]
    if signer is None:
        yield bad("真实", "检查点的签名不符", "the signature of the checkpoint is not good")
        return
    yield good("真实", f"检查点由“{origin}”的密钥签名", f"the checkpoint is signed by “{origin}”")
    if key and key.strip() not in vkeys:
        yield bad("真实", "签名的密钥不是所给的密钥", "it is not signed by the key that was given")
    if not key:
        yield Finding(True, "真实", (f"请核对公钥：{signer}", f"compare the key: {signer}"))
    yield from check_keys(pack, vkeys, signer)
    sizes = {one.size for one in heads} | {head.size}
    count, roots = roots_of(pack, sizes)
    if count != head.size or roots.get(head.size) != head.root:
        yield bad(
            "真实",
            f"办理记录（{count} 条）与检查点（{head.size} 条）不符",
            f"the record ({count} facts) is not the one of the checkpoint ({head.size})",
        )
        return
    yield good(
        "真实",
        f"办理记录 {count} 条与检查点相符，未增、未删、未改",
        f"{count} facts are those of the checkpoint: none added, removed or changed",
    )
    for one in heads:
        if one.size > count:
            yield bad(
                "完整",
                f"{one.where}：当时已有 {one.size} 条，本包只有 {count} 条，请索取其后的证据包",
                f"{one.where}: there were {one.size} facts by then; ask for a later pack",
            )
        elif roots[one.size].startswith(one.root):
            words = (f"{one.where}：与记录相符", f"{one.where}: agrees with the record")
            yield Finding(True, "真实", words)
        else:
            yield bad("真实", f"{one.where}：与记录不符", f"{one.where}: the record differs")


def check_keys(pack: Pack, vkeys: list[str], signer: str) -> Iterator[Finding]:
    """Each key is on the record, and each later one was signed by the one before it."""
    announced = []
    for fact in facts(pack):
        if fact["kind"] not in ("key", "epoch"):
            continue
        body = fact["body"]
        if "follows" in body:
            said = f"{body['follows']}\n{body['key']}\n".encode()
            old, new = bytes.fromhex(body["signed_by_old"]), bytes.fromhex(body["signed_by_new"])
            if body["follows"] not in announced or not (
                signed(body["follows"], said, old) and signed(body["key"], said, new)
            ):
                yield bad("真实", "密钥的更换没有新旧双方的签名", "a change of keys is not signed")
        announced.append(body["key"])
    if announced != vkeys or not announced or announced[-1] != signer:
        yield bad("真实", "密钥与记录所载不符", "the keys are not those on the record")


def checkpoint(pack: Pack) -> tuple[str, Head, str | None]:
    """Origin, head, and the key of the pack that signed it (None where none did)."""
    text, _, signatures = pack.text("data/log/checkpoint").rpartition("\n\n")
    origin, size, root = [*text.split("\n"), "", "", ""][:3]
    head = Head(int(size), base64.b64decode(root, validate=True), "checkpoint")
    for vkey in reversed(pack.text("data/log/keys.txt").split("\n")):
        name = vkey.partition("+")[0]
        for line in signatures.split("\n"):
            dash, _, rest = line.partition(" ")
            by, _, coded = rest.rpartition(" ")
            if vkey and dash == "—" and by == name:
                signature = base64.b64decode(coded, validate=True)
                if signature[:4].hex() == vkey.split("+")[1] and signed(
                    vkey, f"{text}\n".encode(), signature[4:]
                ):
                    return origin, head, vkey
    return origin, head, None


def roots_of(pack: Pack, sizes: set[int]) -> tuple[int, dict[int, bytes]]:
    """How many facts there are, and the root over the first n for each n in `sizes`."""
    peaks: list[bytes] = []
    count, roots = 0, {0: hashlib.sha256(b"").digest()}
    with pack.open("data/log/facts.jsonl") as file:
        for line in file:
            found = hashlib.sha256(b"\0" + line.rstrip(b"\n")).digest()
            count += 1
            rest = count
            while rest & 1 == 0:
                found, rest = hashlib.sha256(b"\1" + peaks.pop() + found).digest(), rest >> 1
            peaks.append(found)
            if count in sizes:
                root = peaks[-1]
                for peak in peaks[-2::-1]:
                    root = hashlib.sha256(b"\1" + peak + root).digest()
                roots[count] = root
    return count, roots


def facts(pack: Pack) -> Iterator[dict[str, Any]]:
    """Every fact of the record in order."""
    with pack.open("data/log/facts.jsonl") as file:
        for line in file:
            yield json.loads(line)


CODE = re.compile(r"DUBAN1((?:[A-Za-z0-9_-][\s>|]*){144})")


def held_heads(
    pack: Pack, mails: tuple[str, ...], prints: tuple[str, ...]
) -> tuple[list[Head], list[Finding]]:
    """The heads that mails carry in their foot or header, and those on paper."""
    vkeys = [line for line in pack.text("data/log/keys.txt").split("\n") if line]
    held: list[Head] = []
    found = []
    texts = [(path, mail_text(path)) for path in mails]
    for where, text in texts + [(f"“{line}”", line) for line in prints]:
        heads = [*coded(text, where, vkeys), *printed(text, where)]
        held += heads
        if not heads:
            words = (f"{where}：没有可用的校验码", f"{where}: no usable checkpoint")
            found.append(Finding(False, "真实", words))
    return held, found


def coded(text: str, where: str, vkeys: list[str]) -> Iterator[Head]:
    """The heads whose codes stand in the text, signed by keys of the record."""
    for match in CODE.finditer(text):
        packed = base64.urlsafe_b64decode(re.sub(r"[\s>|]+", "", match[1]))
        size, root = int.from_bytes(packed[4:12], "big"), packed[12:44]
        for vkey in vkeys:
            name, key_id, _ = vkey.split("+", 2)
            said = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
            if packed[:4].hex() == key_id and signed(vkey, said, packed[44:]):
                yield Head(size, root, f"{where}（{size}）")


PRINT = re.compile(r"[^0-9]*([0-9]{1,15})[^0-9]*?[^0-9a-f]((?:[0-9a-f]{4}[\s-]*){4})$")


def printed(text: str, where: str) -> Iterator[Head]:
    """The head on paper: 第1024条 9f2c 11ab 03de 77aa."""
    if match := PRINT.match(text.strip().lower()):
        yield Head(int(match[1]), bytes.fromhex(re.sub(r"[\s-]", "", match[2])), where)


def cosigned(pack: Pack, key: str) -> tuple[list[Head], list[Finding]]:
    """The head that a superior office has cosigned (c2sp.org/tlog-cosignature), and when."""
    text, _, signatures = pack.text("data/log/witnessed").rpartition("\n\n")
    if not text and not key:
        return [], []
    vkeys = [key.strip()] if key else pack.text("data/log/witnesses.txt").split("\n")
    heads, found = [], []
    for vkey, size, root, at in cosignatures(text, signatures, vkeys):
        name = vkey.partition("+")[0]
        zh, en = f"“{name}”于 {at} 副署至第 {size} 条", f"“{name}” cosigned {size} facts at {at}"
        heads.append(Head(size, root, zh))
        found.append(good("真实", zh, en))
        if not key:
            words = (f"请核对见证单位的公钥：{vkey}", f"compare the key of the witness: {vkey}")
            found.append(Finding(True, "真实", words))
    if not found:
        found = [bad("真实", "没有见证单位的有效副署", "no valid cosignature of the witness")]
    return heads, found


def cosignatures(
    text: str, signatures: str, vkeys: list[str]
) -> Iterator[tuple[str, int, bytes, str]]:
    """Who cosigned the head of how many facts, its root, and when."""
    for line in signatures.split("\n"):
        name, _, coded = line.removeprefix("— ").rpartition(" ")
        for vkey in vkeys:
            if not name or vkey.partition("+")[0] != name:
                continue
            data = base64.b64decode(coded, validate=True)
            if vkey.split("+")[1:2] != [data[:4].hex()]:
                continue
            if signed(vkey, f"{text}\n".encode(), data[4:]):
                _, size, root = text.split("\n")[:3]
                at = datetime.fromtimestamp(int.from_bytes(data[4:12], "big"), UTC)
                said = f"{at:%Y-%m-%dT%H:%M:%SZ}"
                yield vkey, int(size), base64.b64decode(root, validate=True), said


def mail_text(path: str) -> str:
    """The header and all text of a saved mail."""
    with open(path, "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.compat32)
    texts = [str(mail.get("Duban-Checkpoint", ""))]
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                texts.append(re.sub(r"<[^>]*>", "", data.decode("utf-8", "replace")))
    return "\n".join(texts)


# ---- the tasks that there should be: the list was made by Duban, from plans and calendars ----


def check_expected(pack: Pack) -> Iterator[Finding]:
    """Each task on the list was opened by the fact that the list names.

    This program cannot expand a plan; `duban verify` makes the list anew and compares.
    """
    head, *lines = map(json.loads, filter(None, pack.text("data/log/expected.jsonl").split("\n")))
    places = {line["seq"]: line["task"] for line in lines}
    found = {
        seq
        for seq, fact in enumerate(facts(pack), 1)
        if seq in places and (fact["kind"], fact["task"]) == ("opened", places[seq])
    }
    for line in lines:
        if line["seq"] not in found:
            yield bad("完整", f"应有而无的事项：{line['task']}", f"there should be {line['task']}")
    if len(found) == len(lines):
        yield good(
            "完整",
            f"督办程序推算截至 {head['until']} 应有的 {len(lines)} 个事项，记录中均已立项"
            "（本程序只核对清单；重新推算请用 duban verify）",
            f"all {len(lines)} tasks that Duban expected by {head['until']} were opened "
            "(this program checks the list; duban verify makes it anew)",
        )


# ---- the evidence: what the facts of the tasks in scope name is there ----


def check_evidence(pack: Pack) -> Iterator[Finding]:
    """Every file that a fact names, and every plan version that was adopted, by its SHA-256."""
    rows = csv.DictReader(io.StringIO(pack.text("data/tasks.csv").removeprefix("\ufeff")))
    scope = {row["key"] for row in rows}
    there = {name.rpartition("/")[2].partition(".")[0] for name in payload(pack)}
    erased = {
        file for fact in facts(pack) if fact["kind"] == "erased" for file in fact["body"]["files"]
    }
    count = missing = 0
    for fact in facts(pack):
        for hashed in named_by(fact, scope):
            count += 1
            if hashed not in there | erased:
                missing += 1
                words = (f"缺少 {fact['key']} 所载的文件 {hashed[:16]}", f"missing: {hashed[:16]}")
                yield Finding(False, "完整", words)
    for name in sorted(payload(pack)):
        hashed = name.rpartition("/")[2].partition(".")[0]
        if re.fullmatch("[0-9a-f]{64}", hashed) and digest(pack, name, "sha256") != hashed:
            missing += 1
            yield bad("真实", f"文件与其名称不符：{name}", f"not what its name says: {name}")
    if not missing:
        yield good(
            "完整",
            f"记录所载的 {count} 份材料和方案版本均在包内，内容相符",
            f"all {count} pieces of evidence and plan versions on the record are there",
        )


def named_by(fact: dict[str, Any], scope: set[str]) -> list[str]:
    """The SHA-256 of every file that a fact says there is."""
    body = fact["body"]
    if fact["kind"] == "submitted" and fact["task"] in scope:
        return [file["sha256"] for file in body["files"]]
    return [body["digest"]] if fact["kind"] == "adopted" else []


# ---- the values behind the record's commitments (HMAC-SHA256 under a salt of their own) ----


def check_openings(pack: Pack) -> Iterator[Finding]:
    """Each opened value is the one committed to; what of the scope is not opened was erased."""
    committed, scope, erased = promised(pack)
    opened = set()
    for line in filter(None, pack.text("data/log/openings.jsonl").split("\n")):
        one = json.loads(line)
        salt, value = bytes.fromhex(one["salt"]), one["value"].encode()
        if hmac.digest(salt, value, "sha256").hex() != one["commitment"]:
            yield bad("真实", f"开封的内容与封存的不符：{one['value']}", "an opened value differs")
        elif one["commitment"] not in committed:
            yield bad("真实", f"记录中没有封存过：{one['value']}", "opened, but never committed to")
        opened.add(one["commitment"])
    if missing := scope - opened - erased:
        count = len(missing)
        yield bad("完整", f"{count} 项内容既未开封，也未记载删除", f"{count} values are withheld")
    gone = len(scope & erased - opened)
    yield good(
        "真实",
        f"已开封 {len(opened)} 项个人信息和文字，与封存的相符；依规定删除的 {gone} 项",
        f"{len(opened)} values are those committed to; {gone} were erased by rule",
    )


def promised(pack: Pack) -> tuple[set[str], set[str], set[str]]:
    """The commitments of the record, those of the tasks in scope, and those that were erased."""
    rows = csv.DictReader(io.StringIO(pack.text("data/tasks.csv").removeprefix("\ufeff")))
    tasks = {row["key"] for row in rows}
    committed, scope, erased = set[str](), set[str](), set[str]()
    for fact in facts(pack):
        held = set(commitments(fact))
        committed |= held
        if fact["task"] in tasks:
            scope |= held
        if fact["kind"] == "erased":
            erased.update(fact["body"]["commitments"])
    return committed, scope, erased


def commitments(fact: dict[str, Any]) -> Iterator[str]:
    """Every commitment that a fact holds."""
    if fact["by"].startswith("sealed:"):
        yield fact["by"][7:]
    waiting = [fact["body"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value.keys() == {"sealed"}:
            yield value["sealed"]
        elif isinstance(value, (dict, list)):
            waiting.extend(value.values() if isinstance(value, dict) else value)


# ---- Ed25519 (RFC 8032, 5.1.7), slow and plain ----

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    c, d = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    e, f = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    g, h, i, j = d - c, f - e, f + e, d + c
    return g * h % P, i * j % P, h * i % P, g * j % P


def times(n: int, a: Point) -> Point:
    """The point added to itself n times."""
    found = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = add(found, a)
        a, n = add(a, a), n >> 1
    return found


def point(packed: bytes) -> Point | None:
    """A point from its 32 bytes; None where there is none, or it is not written canonically."""
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def packed_point(a: Point) -> bytes:
    """The 32 bytes of a point."""
    inverse = pow(a[2], P - 2, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(vkey: str, text: bytes, signature: bytes) -> bool:
    """Whether the key `name+id+base64(kind || public)` signed `text`."""
    name, key_id, coded = vkey.split("+", 2)
    try:
        public = base64.b64decode(coded, validate=True)
    except binascii.Error:
        return False
    shown = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex()
    if len(public) == 33 and public[0] == 4:  # a witness says when it saw the text
        at = int.from_bytes(signature[:8], "big")
        text, signature = b"cosignature/v1\ntime %d\n" % at + text, signature[8:]
    elif len(public) != 33 or public[0] != 1:
        return False
    if shown != key_id or len(signature) != 64:
        return False
    owner, s = point(public[1:]), int.from_bytes(signature[32:], "little")
    if owner is None or BASE is None or s >= L:
        return False
    hashed = hashlib.sha512(signature[:32] + public[1:] + text).digest()
    k = int.from_bytes(hashed, "little") % L
    x, y, z, t = owner
    return packed_point(add(times(s, BASE), times(k, (P - x, y, z, P - t)))) == signature[:32]


# ---- at the terminal ----


def good(kind: str, zh: str, en: str) -> Finding:
    """Something that is as it should be."""
    return Finding(True, kind, (zh, en))


def bad(kind: str, zh: str, en: str) -> Finding:
    """Something that is not."""
    return Finding(False, kind, (zh, en))


def glob_escaped(path: str) -> str:
    """The path with no character that `glob` reads as a pattern."""
    return re.sub(r"([*?[])", r"[\1]", path)


def is_file(path: str) -> bool:
    """Whether the path can be opened as a file."""
    try:
        with open(path, "rb"):
            return True
    except OSError:
        return False


def report(found: list[Finding], english: bool) -> str:
    """The findings as lines, and what they come to."""
    lines = [f"{'✓' if one.good else '✗'} [{one.property}] {one.words[english]}" for one in found]
    wrong = sum(not one.good for one in found)
    if english:
        lines.append("The pack is sound." if not wrong else f"{wrong} findings.")
    else:
        lines.append("核验通过。" if not wrong else f"{wrong} 处不符。")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 where everything agrees, 1 otherwise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pack")
    parser.add_argument("--key", default="")
    parser.add_argument("--mail", action="append", default=[])
    parser.add_argument("--print", action="append", default=[], dest="prints")
    parser.add_argument("--witness", default="")
    parser.add_argument("--english", action="store_true")
    given = parser.parse_args(arguments)
    found = verify(given.pack, given.key, tuple(given.mail), tuple(given.prints), given.witness)
    print(report(found, given.english))
    return 0 if all(one.good for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
