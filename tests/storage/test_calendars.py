"""An office adds a year without waiting for a release."""

from pathlib import Path

from responsibilities.calendars.workdays import YearStatus
from storage.calendars import national

NOTICE_OF_2027 = """\
year: 2027
status: official
revision: 1
notice: 国办发明电〔2026〕某号
published: 2026-11-20
holidays:
  - {name: 元旦, id: new-year, rest: 2027-01-01..2027-01-03, statutory: 2027-01-01}
"""


def test_a_published_notice_replaces_the_provisional_year(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text(NOTICE_OF_2027, encoding="utf-8")
    years, problems = national(folder=tmp_path)
    assert problems == ()
    assert [y.year for y in years] == list(range(2019, 2028))
    assert years[-1].status is YearStatus.OFFICIAL


def test_an_older_revision_on_site_does_not_replace_a_newer_packaged_one(tmp_path: Path) -> None:
    stale = NOTICE_OF_2027.replace("2027", "2020").replace("2026", "2019")
    (tmp_path / "2020.yaml").write_text(stale, encoding="utf-8")
    years, _ = national(folder=tmp_path)
    assert [y.revision for y in years if y.year == 2020] == [2]


def test_a_year_can_be_added_after_the_last(tmp_path: Path) -> None:
    text = NOTICE_OF_2027.replace("2027", "2028").replace("2026", "2027")
    (tmp_path / "2028.yaml").write_text(text, encoding="utf-8")
    years, _ = national(folder=tmp_path)
    assert years[-1].year == 2028


def test_a_file_in_another_encoding_is_reported_and_the_packaged_year_stays(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text(NOTICE_OF_2027, encoding="gb18030")
    years, problems = national(folder=tmp_path)
    assert [p.code for p in problems] == ["not-utf8"]
    assert str(problems[0].place) == f"{tmp_path.name}/2027.yaml:1:1"
    assert years[-1].status is YearStatus.PROVISIONAL


def test_a_missing_folder_and_an_unknown_country_are_reported(tmp_path: Path) -> None:
    years, problems = national(country="xx", folder=tmp_path / "none")
    assert years == ()
    assert [p.code for p in problems] == ["no-calendar-folder", "no-calendar-folder"]
