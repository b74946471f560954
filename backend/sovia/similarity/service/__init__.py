"""Rules of resemblance, by deed: finding relatives, building the index."""
