"""${message}. Frozen: this step never changes once it is released, and imports nothing of ours."""

from __future__ import annotations

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Take the step, on either database."""
    raise NotImplementedError(op.get_bind().dialect.name)
