"""Finding posts: one filter becomes a page, an index of tiles, or facets. Owns no table."""
