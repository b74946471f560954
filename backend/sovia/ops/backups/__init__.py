"""Backups of the database: made, proven by restoring them, kept for a while, and put in the place of what is there."""
