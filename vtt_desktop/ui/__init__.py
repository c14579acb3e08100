"""The window: views that show the document and the sync, and submit edits."""
