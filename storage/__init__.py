"""What survives a restart: engine, tables, migrations, plans, tasks, facts, outbox and blobs."""
