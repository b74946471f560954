"""Why files did not come, in words, and what a person can do about each: the one list of causes; pure."""

from typing import NamedTuple


class Cause(NamedTuple):
    """What happened, what it means, the one thing that helps, and whether trying again by itself may help."""

    title: str
    meaning: str
    fix: str
    label: str
    may_pass: bool = False


RETRY, LIST, ALLOW = "retry", "list", "allow_host"
AGAIN = "Try again"
OWN = "Save a list for your downloader"
CAUSES: dict[str, Cause] = {
    "needs_session": Cause(
        "Only for you, signed in",
        "The site gives these files only to your own browser session. Cookies of other sites are never kept here.",
        LIST,
        OWN,
    ),
    "host_not_allowed": Cause("Host not on the list", "Files are fetched only from hosts you allow.", ALLOW, "Allow"),
    "not_allowed": Cause("Address not allowed", "Only plain https:// addresses are asked for.", LIST, OWN),
    "unsafe_address": Cause("Leads into a private network", "The host's name points at a private address.", LIST, OWN),
    "gone": Cause("Gone at the source", "The site says that it no longer has these files.", RETRY, "Ask once more"),
    "too_slow": Cause("Too slow", "The server took too long.", RETRY, AGAIN, may_pass=True),
    "no_connection": Cause("No connection", "The server could not be reached.", RETRY, AGAIN, may_pass=True),
    "no_host": Cause("Host not found", "The host's name leads nowhere.", RETRY, AGAIN, may_pass=True),
    "cut_off": Cause("Cut off", "The answer ended before the file did.", RETRY, AGAIN, may_pass=True),
    "busy": Cause("Server busy", "The server asked to wait, several times.", RETRY, AGAIN, may_pass=True),
    "server_error": Cause("Error at the server", "The server answered with an error.", RETRY, AGAIN, may_pass=True),
    "redirects": Cause("Led on and on", "The address leads to other addresses without an end.", RETRY, AGAIN),
    "wrong_range": Cause("Wrong part", "The server sent another part than asked for.", RETRY, AGAIN, may_pass=True),
    "not_media": Cause("Not a media file", "A web page, a note or nothing came instead of the file.", RETRY, AGAIN),
    "wrong_kind": Cause("Another kind of file", "A picture came for a clip, or a clip for a picture.", RETRY, AGAIN),
    "damaged": Cause("Damaged", "The file ends before it says it does.", RETRY, AGAIN, may_pass=True),
    "encoded": Cause("Packed", "The answer was compressed, which media never need.", LIST, OWN),
    "too_large": Cause("Too large", "The file is larger than any that is fetched by itself.", LIST, OWN),
    "no_place": Cause("No room at its place", "A file or a folder is where this file belongs.", RETRY, AGAIN),
    "refused": Cause("Refused", "The server refused without saying why.", LIST, OWN),
}


def cause_of(name: str) -> Cause:
    """The cause of this name; unknown ones may have been written by another version."""
    return CAUSES.get(name, CAUSES["server_error"])
