"""The painters of the demo: each module holds the scenes of one kind; all are pure functions of a seed."""
