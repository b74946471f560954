"""Seeing a library as a whole: its distinct prompts and what they made, and statistics. No tables."""
