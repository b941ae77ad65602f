"""The pages of whoever holds a link from a letter: one unit's tasks, without an account."""
