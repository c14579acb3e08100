"""The list of cues: Qt's table, model, selection, keys and accessibility, with rows painted by ourselves."""
