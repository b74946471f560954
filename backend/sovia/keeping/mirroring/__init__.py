"""Mirroring: the media copied to a second place, proven there too, and brought back from there."""
