"""A person at a browser, or the calendar program of one."""
