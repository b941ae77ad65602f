"""The office at its desk: signed in, with everything that is the office's to do."""

from portal.desk import (
    bulletin,
    calendars,
    crosscheck,
    erasing,
    evidence,
    front,
    inbox,
    incidents,
    letters,
    matrix,
    review,
    tasks,
    windows,
)

ROUTERS = (
    front.router,
    review.router,
    matrix.router,
    bulletin.router,
    tasks.router,
    evidence.router,
    letters.router,
    inbox.router,
    incidents.router,
    crosscheck.router,
    calendars.router,
    windows.router,
    erasing.router,
)
