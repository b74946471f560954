"""Collections, marks, operations and presets over HTTP."""
