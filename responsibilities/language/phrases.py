"""The plan's own phrases, read into values and said again; one place to import them from."""

from responsibilities.language.ladder_phrases import StepTime, condition, step_time
from responsibilities.language.moment_phrases import moment
from responsibilities.language.rhythm_phrases import rhythm
from responsibilities.language.saying import say_moment, say_rhythm, say_step, say_step_time

__all__ = [
    "StepTime",
    "condition",
    "moment",
    "rhythm",
    "say_moment",
    "say_rhythm",
    "say_step",
    "say_step_time",
    "step_time",
]
