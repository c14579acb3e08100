"""Rules of good subtitling: profiles of numbers, what breaks them, and what mends it."""
