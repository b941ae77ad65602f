"""One fact of the record as a line in a terminal."""

from duban.console import in_words
from office.fact_lines import done_by, fact_line
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Fact


def say_fact(fact: Fact, clock: Clock) -> str:
    """Kind, by whom, and what its body says in words."""
    return f"{in_words(fact_line(fact, clock))}　[{in_words(done_by(fact))}]"
