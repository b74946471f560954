"""Every SELECT about posts and files."""
