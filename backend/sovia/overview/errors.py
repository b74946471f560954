"""What can go wrong with the overview of a library, by name."""

from sovia.kit.errors import Invalid


class BadPromptCursor(Invalid):
    """The cursor was not made by this server for this list of prompts."""

    code = "bad_prompt_cursor"

    def __init__(self) -> None:
        super().__init__("This cursor does not belong to this list of prompts. Start again without it.")
