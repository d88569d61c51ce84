"""Run the steps on the connection the caller hands over; reads no ini file and opens no database itself."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
