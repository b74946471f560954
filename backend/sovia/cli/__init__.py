"""The commands behind `./run`: one module each, loaded only when it is the one that was asked for."""
