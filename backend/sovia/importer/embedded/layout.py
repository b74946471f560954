"""Files that lie as this product and many downloaders keep them, below `https_`: their place says their address."""

from sovia.library.paths import LOCAL, Mapped, is_local, path_for_url

ROOTS = ("https_", "http_")
# Said of all of them together.
PUT, PUT_WORDS = (
    "files_put",
    "lie below https_ as files of addresses do, and were put there.",
)


def mapped(name: str) -> Mapped | None:
    """The address of a file and its place below the media folder, by its path; nothing when it lies anywhere else.

    `name` begins with the name of the folder or archive, or with what is in it.
    """
    below = _below_a_root(name)
    if below is None:
        return None
    folder, _, leaf = below.rpartition("/")
    # A downloader may have put the query of the address behind the name.
    found = path_for_url(f"https_/{folder}/{leaf.partition('?')[0]}")
    return found if isinstance(found, Mapped) else None


def is_own_copy(name: str) -> bool:
    """Whether it is a copy that this product made of a medium without an address."""
    below = _below_a_root(name)
    return below is not None and is_local(f"{LOCAL.partition('/')[0]}/{below}")


def _below_a_root(name: str) -> str | None:
    parts = name.split("/")
    at = next((number for number, part in enumerate(parts[:-1]) if part in ROOTS), None)
    return None if at is None else "/".join(parts[at + 1 :])
