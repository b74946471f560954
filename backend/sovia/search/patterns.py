"""LIKE patterns that find text as it stands; pure."""


def escaped(text: str) -> str:
    """The text with the wildcards of the database taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def like_pattern(text: str) -> str:
    """A LIKE pattern that finds the text anywhere."""
    return f"%{escaped(text)}%"
