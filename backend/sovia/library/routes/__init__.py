"""Posts and media over HTTP."""
