"""Play a film, or nothing but time, with the cues drawn over it."""
