"""Prompts and statistics over HTTP."""
