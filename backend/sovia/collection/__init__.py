"""Gathering posts: collections by hand or by filter, marks of many posts at once, and undoing all of it.

Tables: presets; those of collections, marks and operations lie in library.
"""
