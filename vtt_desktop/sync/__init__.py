"""Optimistic locking over HTTP: every save carries the tag it was made from, nothing is lost unseen."""
