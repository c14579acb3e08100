"""What a subtitle document is and how it changes. Pure: no I/O, no clock, no event loop."""
