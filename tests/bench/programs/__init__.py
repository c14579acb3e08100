"""The programs that the benches start, each in a process of its own: the editor, and the floors below it."""
