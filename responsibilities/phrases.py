"""The plan's own phrases, read into values and said again; one place to import them from."""

from responsibilities.ladder_phrases import StepTime, condition, step_time
from responsibilities.moment_phrases import moment
from responsibilities.rhythm_phrases import rhythm
from responsibilities.saying import say_moment, say_rhythm, say_step, say_step_time

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
