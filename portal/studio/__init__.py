"""The plan studio: the office changes the plan, sees what that means, and puts it in force."""
