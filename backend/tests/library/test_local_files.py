"""Files that came themselves, without an address: kept by their content, and filling in for missing ones."""

import hashlib
from uuid import UUID, uuid4

import pytest
from media_files import picture
from shelves import Shelf

from sovia.importer.queries import missing_files
from sovia.library.finding import Finder
from sovia.library.incoming import NewPost
from sovia.library.paths import Refusal, is_local, local_path, path_for_url
from sovia.library.service.adding import add_posts


def place_of(content: bytes) -> str:
    return local_path(hashlib.sha256(content).hexdigest(), ".jpg")


async def add(shelf: Shelf, post_id: UUID, path: str) -> None:
    async with shelf.database.begin() as session:
        await add_posts(session, shelf.user_id, [NewPost(id=post_id, kind="image", raw={}, local_path=path)])


async def missing(shelf: Shelf) -> list[tuple[str, str]]:
    async with shelf.database.begin() as session:
        return [found async for found in missing_files(session, shelf.user_id)]


def test_no_address_leads_to_where_local_files_lie() -> None:
    place = local_path("ab" * 32, ".png")

    assert is_local(place)
    for address in (place, f"/media/{place}", "https://_local/ab/" + "ab" * 32 + ".png"):
        assert isinstance(path_for_url(address), Refusal)


@pytest.mark.parametrize("path", ["https_/_local/ab/../x.png", "https_/_local/cd/" + "ab" * 32 + ".png", "x", None])
def test_only_paths_made_from_content_are_local(path: str | None) -> None:
    assert not is_local(path)


async def test_a_file_without_an_address_is_found_and_shown(shelf: Shelf) -> None:
    content = picture()
    shelf.put(place_of(content), content)
    post_id = uuid4()
    await add(shelf, post_id, place_of(content))

    await shelf.look()

    post, file = await shelf.post(post_id), await shelf.main_file(post_id)
    assert (post.media_state, post.media_url, post.width) == ("present", "", 300)
    assert (file.state, file.path) == ("present", place_of(content))
    assert post.thumbnail


@pytest.mark.parametrize("looked", [True, False])
async def test_a_file_that_comes_itself_fills_in_for_a_missing_one(looked: bool, shelf: Shelf) -> None:
    (post_id,) = await shelf.want(None)
    if looked:
        await shelf.look()
    address = (await shelf.main_file(post_id)).url
    content = picture(seed=2)
    shelf.put(place_of(content), content)

    await add(shelf, post_id, place_of(content))
    await shelf.look()

    post, file = await shelf.post(post_id), await shelf.main_file(post_id)
    assert (post.media_state, file.state, file.path) == ("present", "present", place_of(content))
    assert file.url == address


async def test_a_file_that_is_here_stays_where_it_is(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(picture())
    await shelf.look()
    before = (await shelf.main_file(post_id)).path

    await add(shelf, post_id, place_of(picture(seed=3)))

    assert (await shelf.main_file(post_id)).path == before


async def test_a_lost_local_file_is_on_no_list_of_downloads(shelf: Shelf) -> None:
    await shelf.want(None)
    await add(shelf, uuid4(), local_path("ab" * 32, ".png"))
    await shelf.look()

    assert [url for url, _ in await missing(shelf) if not url.startswith("http")] == []
    assert len(await missing(shelf)) == 1


def test_a_library_of_local_files_alone_is_not_an_unmounted_disk(shelf: Shelf) -> None:
    finder = Finder(shelf.home / "https_", shelf.home / "https_" / "_derived")
    assert finder.root_is_empty()

    shelf.put(place_of(b"x"), b"x")

    assert not finder.root_is_empty()
