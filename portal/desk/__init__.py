"""The office at its desk: signed in, with everything that is the office's to do."""
