"""The reference server: subtitle segments over HTTP under optimistic locking, kept in SQLite."""
