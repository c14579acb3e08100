"""Windows beside the main one: the sync log, a cue's versions, who else is here."""
