"""Bringing home the files that posts name and the disk lacks; our tables: `downloads`, `fetch_settings`."""
