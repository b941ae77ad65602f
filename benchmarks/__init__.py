"""Every performance promise as a script that prints a ratio with its limit."""
