"""What should be: plan language, compiler, calendars, occurrences, ladders, decide. Pure."""
