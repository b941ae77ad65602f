"""S5: one letter, a digest of ten tasks: render and MIME, with text, HTML and calendar part.

Limit: Jinja2 alone, the same three templates with the same values. Peer: the same letter built by
`email.message` from words that are already rendered.
"""

import sys
from collections.abc import Callable

from benchmarks.measure import interleaved, ratio, report, table
from notifications.compose import compose
from notifications.groups import groups
from notifications.rendering import environment
from notifications.specimen import specimen
from tests.notifications.library import as_the_library_says, parsed

LETTERS = 200
DIGEST = specimen("digest", "zh")


def rendering() -> Callable[[], object]:
    """Jinja2 and nothing else."""
    names = ("subject.txt", "body.txt", "body.html")
    templates = [environment("zh").get_template(f"digest/{name}") for name in names]
    context = {"letter": DIGEST, "item": None, "groups": groups(DIGEST.items)}
    return lambda: [template.render(context) for _ in range(LETTERS) for template in templates]


def composing() -> object:
    """What the outbox does for each letter."""
    return [compose(DIGEST) for _ in range(LETTERS)]


def by_the_library() -> object:
    """`EmailMessage`, a twentieth as often."""
    return [as_the_library_says(DIGEST) for _ in range(LETTERS // 20)]


def same() -> bool:
    """Does ours say what the library says, part by part."""
    ours, theirs = parsed(compose(DIGEST)), parsed(as_the_library_says(DIGEST))
    return [part.get_payload(decode=True) for part in ours.walk()] == [
        part.get_payload(decode=True) for part in theirs.walk()
    ]


def main() -> bool:
    """Print the ratios; True where the bar holds and both letters say the same."""
    render = rendering()
    composing()
    stats = interleaved({"Jinja2 alone": render, "compose": composing})
    library = interleaved({"EmailMessage (a twentieth)": by_the_library}, rounds=3)
    each = stats["compose"].median / LETTERS * 1e6
    print(f"S5  {LETTERS} letters of {len(compose(DIGEST))} bytes, {each:.0f} µs each")
    table(stats | library)
    passed = report("S5 against Jinja2 alone", ratio(stats["compose"], stats["Jinja2 alone"]), 2)
    print(f"{'pass' if same() else 'MISS'}  S5 parses back equal to EmailMessage")
    return passed and same()


if __name__ == "__main__":
    sys.exit(not main())
