"""An office hands in its plan, in Word or as text, and gets a first folder to work on."""

import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from duban.__main__ import main
from duban.sources import read_plan

WORD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>校园消防安全工作方案</w:t></w:r></w:p>
<w:p><w:r><w:t>一、职责分工</w:t></w:r></w:p>
<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>保卫处：</w:t></w:r>
<w:r><w:t>每月组织开展一次防火检查；建立消防档案。</w:t></w:r></w:p>
</w:body></w:document>"""
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType=
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="word/document.xml" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["duban", *arguments])
    monkeypatch.setenv("DUBAN_LANG", "zh")
    with pytest.raises(SystemExit) as left:
        main()
    assert isinstance(left.value.code, int)
    return left.value.code


def word(path: Path) -> None:
    """A Word document of three paragraphs, the unit's name in bold."""
    with ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("_rels/.rels", RELATIONS)
        file.writestr("word/document.xml", WORD)


def test_a_word_document_becomes_a_folder_that_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word(tmp_path / "方案.docx")
    assert run(monkeypatch, "draft", str(tmp_path / "方案.docx"), "-o", str(tmp_path / "草案")) == 0
    compiled = read_plan(tmp_path / "草案").compiled
    assert compiled.errors == ()
    assert compiled.plan is not None
    assert compiled.plan.title == "校园消防安全工作方案"
    names = {unit.id: unit.name for unit in compiled.plan.units}
    found = [(duty.title, names[duty.responsible[0]]) for duty in compiled.plan.duties]
    assert found == [("每月组织开展一次防火检查", "保卫处"), ("建立消防档案", "保卫处")]


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.md").write_text("一、职责\n保卫处每月检查一次。\n", encoding="utf-8")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "plan.yaml").write_text("# 已核定\n", encoding="utf-8")
    out = str(tmp_path / "held")
    assert run(monkeypatch, "draft", str(tmp_path / "plan.md"), "-o", out) == 1
    assert "不是空的" in capsys.readouterr().err
    assert (tmp_path / "held" / "plan.yaml").read_text("utf-8") == "# 已核定\n"


def test_what_is_no_document_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.docx", "b.md"):
        (tmp_path / name).write_bytes("校园消防安全工作方案".encode("gb18030"))
        assert run(monkeypatch, "draft", str(tmp_path / name), "-o", str(tmp_path / "x")) == 1
        assert "应为 .docx，或 UTF-8 编码" in capsys.readouterr().err
