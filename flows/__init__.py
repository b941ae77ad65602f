"""When: the only room that knows Prefect."""
