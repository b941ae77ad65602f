"""Stories a clerk could read; one folder per room."""
