"""Django's SQLite back end with the pragmas that an event store needs."""
