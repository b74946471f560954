"""What an import can be asked for now, by its state."""

from sovia.importer.models import Import

ENDED = ("succeeded", "partial", "cancelled")
# Nobody is at work on it, but somebody may go on.
WAITING = ("checked", "paused")
# Failures that may pass, so that the files are kept for another try.
PASSING = ("out_of_space", "database_away", "internal", "unavailable", "interrupted")
BROUGHT = ("new", "changed", "same")


def possible(found: Import) -> list[str]:
    """What may be asked of this import, in the order of a page's buttons."""
    if found.undo is not None and found.undo.get("going"):
        return []
    brought = ["undo"] if any(found.counts.get(name) for name in BROUGHT) else []
    if found.state in ENDED:
        return brought + (["retry"] if found.counts.get("problems") else [])
    if found.job_id is None and found.state in ("queued", "checking", "running"):
        # Another process is at work, which nobody else can steer.
        return []
    by_state = {
        "queued": ["cancel"],
        "checking": ["cancel"],
        "checked": ["run", "cancel"],
        "running": ["pause", "cancel"],
        "paused": ["resume", "cancel"],
        "undone": ["redo"],
        "failed": (["resume"] if can_be_read_again(found) else []) + brought,
    }
    return by_state.get(found.state, [])


def can_be_read_again(found: Import) -> bool:
    """Whether a failed import failed for a reason that may pass, so that its files were kept where we find them."""
    known = found.origin != "command" or all("here" in one for one in found.files or [{}])
    return found.error_code in PASSING and known


def stored_of(found: Import) -> list[str]:
    """The names of the uploads that an import reads."""
    several = [one["stored"] for one in found.files or [] if "stored" in one]
    return several or ([found.stored_path] if found.stored_path else [])
