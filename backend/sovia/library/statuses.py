"""What somebody can decide of a post; by itself, so that reading an export need not load the database's library."""

STATUSES = ("approved", "rejected", "review", "select", "edit")
