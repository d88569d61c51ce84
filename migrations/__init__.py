"""The history of the log's schema, run by Alembic; frozen SQL that imports nothing of ours."""
