"""The program put together: command line, composition, session, settings, tasks and log."""
