"""Windows beside the main one that edit a cue's fields and the head of the document while one types."""
