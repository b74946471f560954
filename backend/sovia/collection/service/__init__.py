"""Every change of collections, marks of many posts, and presets."""
