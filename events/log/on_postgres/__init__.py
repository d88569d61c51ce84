"""PostgreSQL as the home of a log: all that is PostgreSQL's own. Importing the package loads no driver."""
