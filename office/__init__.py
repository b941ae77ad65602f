"""Acts of the office, each all or nothing in one transaction."""
