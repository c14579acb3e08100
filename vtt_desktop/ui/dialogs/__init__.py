"""Dialogs: opened by a person, never by the network, and never waited for in a nested loop."""
