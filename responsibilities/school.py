"""The school calendar declared with the plan: terms, teaching weeks, vacations, exceptions."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from responsibilities.counted import CountedDays
from responsibilities.dates import Form, Path, PlaceOf, Span
from responsibilities.problem import Problem
from responsibilities.terms import ANCHORS, TeachingWeek, Term, anchor_word, read_term
from responsibilities.words import Refused, Words
from responsibilities.workdays import WorkingDays

__all__ = [
    "ANCHORS",
    "AcademicYear",
    "BeyondSchoolCalendar",
    "Override",
    "SchoolCalendar",
    "TeachingDays",
    "TeachingWeek",
    "Term",
    "Vacation",
    "anchor_word",
    "read_school",
]
