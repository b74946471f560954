"""Keeping posts: posts, their files, thumbnails, likes. Tables: posts, words, files, library_versions."""
