"""8xSovia: the gallery and archive of AI pictures and clips that people run on their own machine."""
