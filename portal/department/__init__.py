"""The pages of whoever holds a link from a letter: one unit's tasks, without an account."""

from portal.department import asking, files, handing, looking

ROUTERS = (looking.router, handing.router, files.router, asking.router)
