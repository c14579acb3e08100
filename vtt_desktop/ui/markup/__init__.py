"""Formatting in the text box: italics look it, tags stand back, signs are written as they must be."""
