"""The pages of whoever holds a link from a letter: one unit's tasks, without an account."""

from portal.department import asking, handing, looking

ROUTERS = (looking.router, handing.router, asking.router)
