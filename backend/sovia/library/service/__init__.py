"""Every change of posts and files, by deed: adding, marking, filing."""
