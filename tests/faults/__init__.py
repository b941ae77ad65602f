"""Processes killed, relays refusing, clocks jumping."""
