"""The reading room (督查阅览室): an inspector looks, and changes nothing."""

from portal.reading import cases, log, record

ROUTERS = (record.router, log.router, cases.router)
