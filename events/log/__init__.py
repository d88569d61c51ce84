"""The append-only log: opened, appended to, read and checked here. Folds nothing and answers no question."""

from events.log.opening import open_log, upgrade
from events.log.read import BatchRow, CaseRow, Log, Stats

__all__ = ["BatchRow", "CaseRow", "Log", "Stats", "open_log", "upgrade"]
