"""Both databases for tests: a PostgreSQL server of the suite's own, and the fixtures that give a log on either."""
