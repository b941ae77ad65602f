"""Who may come in. Every route goes through exactly one door; `site` refuses any that has none."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from fastapi.dependencies.models import Dependant

Door = TypeVar("Door", bound=Callable[..., object])


def door(name: str) -> Callable[[Door], Door]:
    """Marks a dependency as a door called `name`."""

    def mark(dependency: Door) -> Door:
        dependency.__dict__["door"] = name
        return dependency

    return mark


@door("public")
def public() -> None:
    """Anybody, and it is nobody's secret."""


def doors_of(dependant: Dependant) -> Iterator[str]:
    """The names of the doors that a route's dependencies lead through, once for each time."""
    for one in dependant.dependencies:
        name = getattr(one.call, "door", None)
        if name is not None:
            yield name
        yield from doors_of(one)
