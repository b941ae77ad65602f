"""What should be: the plan language, its compiler, calendars, occurrences, ladders and decisions. Pure."""
