"""Sound and pictures of a film: what a container holds, waveform peaks, their cache, writing a clip."""
