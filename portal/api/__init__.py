"""Programs that ask in JSON, under /api/v1."""
