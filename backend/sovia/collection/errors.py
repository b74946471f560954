"""What can go wrong with collections and presets, by name."""

from uuid import UUID

from sovia.kit.errors import Conflict, Invalid, NotFound, SoviaError


class CollectionNotFound(NotFound):
    """There is no such collection, or it is somebody else's, or it was deleted."""

    code = "collection_not_found"

    def __init__(self, collection_id: UUID) -> None:
        super().__init__(f"There is no collection {collection_id}.", collection_id=str(collection_id))


class AlreadyInCollection(SoviaError):
    """The one post that should be added is in the collection."""

    status = 400
    code = "already_in_collection"

    def __init__(self) -> None:
        super().__init__("This post is already in the collection.")


class NotInCollection(NotFound):
    """The one post that should be removed is not in the collection."""

    code = "not_in_collection"

    def __init__(self) -> None:
        super().__init__("This post is not in the collection.")


class CollectionIsSmart(Conflict):
    """A smart collection fills itself; nothing is put in, taken out or moved by hand."""

    code = "collection_is_smart"

    def __init__(self) -> None:
        super().__init__("A smart collection fills itself. Make a snapshot of it to choose by hand.")


class BadPlace(Invalid):
    """A collection can not stand there: below itself, too deep, or nowhere."""

    code = "bad_place"


class CollectionCycle(Invalid):
    """A smart collection would ask for itself, perhaps by way of others."""

    code = "collection_cycle"

    def __init__(self, name: str) -> None:
        super().__init__(f"This collection would look for itself by way of “{name}”. Ask for something else there.")


class TooManyCollections(Conflict):
    """More collections than a library may have."""

    code = "too_many_collections"

    def __init__(self, most: int) -> None:
        super().__init__(f"There may be {most} collections. Delete some first.")


class TrashHasChanged(Conflict):
    """Something else lies in the trash than what was confirmed."""

    code = "trash_has_changed"

    def __init__(self, count: int) -> None:
        super().__init__(f"There are {count} in the trash now. Look again before emptying it.", count=count)


class PresetNotFound(NotFound):
    """There is no such preset, or it is somebody else's."""

    code = "preset_not_found"

    def __init__(self, preset_id: UUID) -> None:
        super().__init__(f"There is no preset {preset_id}.", preset_id=str(preset_id))


class TooManyPresets(Conflict):
    """More presets than anybody has use for."""

    code = "too_many_presets"

    def __init__(self, most: int) -> None:
        super().__init__(f"There may be {most} presets. Delete some first.")
