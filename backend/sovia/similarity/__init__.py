"""Finding relatives of a post by its words. No tables; the index lies in files under `.sovia/similarity`."""
