"""The plan studio: the office changes the plan, sees what that means, and puts it in force."""

from portal.studio import book, duties, files, overview

ROUTERS = (overview.router, duties.router, files.router, book.router)
"""In the order of the bar above the pages."""
