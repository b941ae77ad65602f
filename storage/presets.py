"""Ladders that come with Duban, ready to be taken into a plan."""

from functools import cache
from importlib.resources import files


@cache
def ladders() -> str:
    """The packaged YAML with a `ladders:` section."""
    return files("responsibilities").joinpath("presets", "ladders.yaml").read_text("utf-8")
