"""One fact of the record as a line at the terminal."""

from duban.console import language
from office.fact_lines import by_whom, fact_line
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Fact


def say_fact(fact: Fact, clock: Clock) -> str:
    """Kind, what its body says in words, and by whom."""
    return f"{fact_line(fact, clock, language())}　[{by_whom(fact, language())}]"
