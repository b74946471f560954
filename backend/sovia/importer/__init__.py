"""Bringing in somebody else's export. Tables: imports, import_problems."""
