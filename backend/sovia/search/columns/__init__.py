"""All posts of a library as columns of numbers in memory, brought up to date by what changed."""
