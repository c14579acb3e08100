"""The timeline: the film's sound, the cues in time, and the hand that moves them."""
