"""Subtitle files: WebVTT without losing a byte, SubRip by its own blocks, the rest through pysubs2."""
