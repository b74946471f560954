"""The library given out whole: as the provider's JSON with what was changed here, as a bag of files, as a zip of it."""
