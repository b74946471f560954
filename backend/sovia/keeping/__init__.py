"""Keeping: files are proven to be what they were, mended when they are not, and given out whole."""
