"""What an installation can choose, and how it is told what it got wrong."""

from pathlib import Path

import pytest

from office.settings import load
from responsibilities.words import Refused


def write(folder: Path, text: str) -> Path:
    (folder / "duban.toml").write_text(text, "utf-8")
    return folder


def test_without_a_file_everything_has_a_sensible_value(tmp_path: Path) -> None:
    settings = load(tmp_path, {})
    assert settings.url == f"sqlite:///{tmp_path}/data/duban.sqlite"
    assert settings.mail.maildir == tmp_path / "data" / "Maildir"
    assert (settings.mail.host, settings.outage_after) == ("", 30)


def test_a_variable_stands_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'language = "zh"\n[mail]\nhost = "smtp.school.example"\nport = 465\n')
    settings = load(tmp_path, {"DUBAN_MAIL__PORT": "2525", "DUBAN_LANGUAGE": "en"})
    assert (settings.mail.host, settings.mail.port) == ("smtp.school.example", 2525)
    assert settings.language == "en"


def test_a_choice_between_yes_and_no_is_toml_s_own_or_its_word_in_a_variable(
    tmp_path: Path,
) -> None:
    write(tmp_path, "[mail]\nverp = true\n")
    assert load(tmp_path, {}).mail.verp is True
    assert load(tmp_path, {"DUBAN_MAIL__VERP": "false"}).mail.verp is False


@pytest.mark.parametrize(
    ("toml", "environ", "sentence"),
    [
        ("langauge = 'zh'", {}, "没有“langauge”这项设置。 您是否想写“language”"),
        ("[mail]\nhots = 'x'", {}, "您是否想写“mail.host”"),
        ("", {"DUBAN_MAIL__PROT": "1"}, "没有“mail.prot”这项设置"),
        ("[mail]\nport = 'many'", {}, "mail.port 的值 'many' 不对，应为非负整数"),
        ("[mail]\ntls = 'maybe'", {}, "应为none、starttls、tls"),
        ("[mail]\nverp = 'maybe'", {}, "mail.verp 的值 'maybe' 不对，应为true 或 false"),
        ("", {"DUBAN_MAIL__VERP": "1"}, "应为true 或 false"),
        ("language = 'fr'", {}, "应为zh、en"),
        ("mail = 3", {}, "mail 的值 3 不对"),
        ("data = [", {}, "duban.toml 无法读取"),
        ("[mail]\npassword_file = 'nowhere'", {}, "mail.password_file 指向的文件"),
        ("[portal]\nurl = 'http://duban.school.example'", {}, "应为以 https:// 开头的地址"),
        ("[portal]\nevidence_url = 'http://localhost.evil.example'", {}, "应为以 https://"),
        ("[oidc]\nissuer = 'http://id.school.example'", {}, "oidc.issuer 的值"),
        ("[cas]\nurl = 'http://id.school.example/cas'", {}, "cas.url 的值"),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    tmp_path: Path, toml: str, environ: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(write(tmp_path, toml), environ)
    assert sentence in refused.value.words.zh
    assert refused.value.words.en


def test_secrets_come_from_files_and_are_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n", "utf-8")
    (tmp_path / "url").write_text("postgresql+psycopg://duban:pw@db/duban\n", "utf-8")
    write(tmp_path, "database_file = 'url'\n[mail]\npassword_file = 'secret'\n")
    settings = load(tmp_path, {})
    assert (settings.mail.password, settings.url) == (
        "s3cret",
        "postgresql+psycopg://duban:pw@db/duban",
    )
    assert "s3cret" not in repr(settings)
    assert "pw@db" not in repr(settings)
