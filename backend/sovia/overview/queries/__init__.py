"""Every SELECT of the overview: distinct prompts, statistics."""
