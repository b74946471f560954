"""Shapes of exports: which one a file has is seen by its content; what is read of each stands in docs/formats."""
