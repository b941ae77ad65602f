"""Inspections on the portal: opened by the office, worked by their inspectors."""

from portal.inspecting import findings, inspections, items

ROUTERS = (inspections.router, items.router, findings.router)
