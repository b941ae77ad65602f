"""What must be true of the tree itself, whoever edits it next."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# Spelled in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:" + "work|" + r"root)/\w|(?<![\w.])/home/" + r"\w+/")
URL_OR_HOST = re.compile(
    r"\w+://|--(?:find-links|index-url|extra-index-url|trusted-host)|\w+\.org\b"
)
A_LINE_WITH_A_REASON = re.compile(r'^\s+"[^"]+",\s+# \S.{10,}$')


def tracked_texts() -> dict[str, str]:
    """Every tracked file that is text, by its path from the root."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    texts = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            # Mails of the fixtures hold the raw GBK bytes that programs really send.
            errors = "replace" if name.endswith(".eml") else "strict"
            texts[name] = content.decode("utf-8", errors)
    return texts


def locked(lock: str) -> dict[str, Version]:
    """The version that ``lock`` pins for each package; of two for two platforms, the higher."""
    pins = re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / lock).read_text("utf-8"), re.M)
    versions: dict[str, Version] = {}
    for name, version in pins:
        name = canonicalize_name(name)
        versions[name] = max(Version(version), versions.get(name, Version("0")))
    return versions


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_host_and_no_url(lock: str) -> None:
    assert URL_OR_HOST.findall((ROOT / lock).read_text("utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_carries_its_hashes(lock: str) -> None:
    logical_lines = (ROOT / lock).read_text("utf-8").replace("\\\n", " ").splitlines()
    packages = [line for line in logical_lines if line and not line.lstrip().startswith("#")]
    assert packages
    assert [p for p in packages if not re.search(r"==.*--hash=sha256:[0-9a-f]{64}", p)] == []


def test_the_locks_agree_with_each_other_and_with_the_project() -> None:
    run, dev, setup = (locked(lock) for lock in LOCKS)
    assert {n: v for n, v in run.items() if dev.get(n) != v} == {}
    assert {n: v for n, v in setup.items() if dev.get(n, v) != v} == {}
    asked = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    assert [str(r) for r in asked if run[canonicalize_name(r.name)] not in r.specifier] == []
    groups = PROJECT["dependency-groups"]
    for group, pins in (("dev", dev), ("setup", setup)):
        asked = [Requirement(line) for line in groups[group]]
        assert [str(r) for r in asked if pins[canonicalize_name(r.name)] not in r.specifier] == []


def test_the_lgpl_driver_is_not_in_what_we_ship() -> None:
    assert not {name for name in locked("requirements.lock") if name.startswith("psycopg")}


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    asked = PROJECT["project"]["dependencies"] + [
        line
        for group in (
            *PROJECT["project"]["optional-dependencies"].values(),
            *PROJECT["dependency-groups"].values(),
        )
        for line in group
    ]
    for requirement in asked:
        where = [line for line in lines if f'"{requirement}"' in line]
        assert where, requirement
        assert all(A_LINE_WITH_A_REASON.match(line) for line in where), where


def test_no_tracked_file_knows_the_machine_it_was_written_on() -> None:
    found = {
        name: hit.group()
        for name, text in tracked_texts().items()
        if (hit := MACHINE_PATH.search(text))
    }
    assert found == {}


def test_mail_addresses_are_invented_ones() -> None:
    address = re.compile(r"[\w.+-]+@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
    real = {
        (name, domain)
        for name, text in tracked_texts().items()
        for domain in address.findall(text)
        if not domain.lower().endswith((".example", ".invalid", ".test", "localhost.localdomain"))
    }
    assert real == set()


def test_telemetry_is_switched_off_by_the_rooms_that_know_prefect() -> None:
    doors = "".join(
        text for name, text in tracked_texts().items() if name.startswith(("flows/", "duban/"))
    )
    knows_prefect = re.search(r"^\s*(?:from|import) prefect\b", doors, re.M)
    for setting in (
        r"DO_NOT_TRACK\W+(?:1|true)",
        r"PREFECT_SERVER_ANALYTICS_ENABLED\W+(?:0|false)",
    ):
        assert not knows_prefect or re.search(setting, doors, re.I), setting


def test_the_wheel_carries_every_file_of_every_room(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packages = {name.split("/")[0] for name in tracked_texts() if name.count("/__init__.py")}
    rooms = packages - {"tests", "benchmarks"}
    ours = {name for name in tracked_texts() if name.split("/")[0] in rooms}
    assert ours - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_tests_of_one_group_stay_in_one_process(tmp_path: Path) -> None:
    """The mail servers, the disk and the kills of a group would be in each other's way."""
    (tmp_path / "test_group.py").write_text(
        "import os, pathlib, pytest\n"
        "@pytest.mark.xdist_group('one')\n"
        "@pytest.mark.parametrize('number', range(8))\n"
        "def test_it(number):\n"
        "    pathlib.Path(f'{number}.by').write_text(os.environ['PYTEST_XDIST_WORKER'])\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "--rootdir", "."],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    assert len({path.read_text() for path in tmp_path.glob("*.by")}) == 1
