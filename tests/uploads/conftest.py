"""Every upload runs on each kind of database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import database_url, db, postgres_url, sqlite_template
from tests.office.desk import Desk

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]

PLAN = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 检查记录, kinds: [pdf, zip]},
     {file: 现场照片, kinds: [jpg, png], min: 2}, {number: 隐患数, min: 0}]}
"""
CHECK = "fire/2026-W49/check/nursing"
DRAWN = "fire/2026-W49/check/pharmacy"
CONTACT = "nursing@school.example"


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday morning: the check is open in two colleges."""
    desk = Desk(db, tmp_path)
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk
