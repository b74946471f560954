"""Files found in place in every layout that other downloaders and tools leave; one made by code for each."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from media_files import clip, picture, sound
from shelves import Shelf
from sqlalchemy import text, update

from sovia.kit import settings as settings_of_process
from sovia.kit.settings import Settings
from sovia.library import roots, scanning
from sovia.library.layouts import could_be_media, ids_in
from sovia.library.models import DiskFile, File, Post
from sovia.library.scanning import Scan

POST = UUID("6f9f0d3a-1c1e-4a57-9a44-0d6c1f7f3a01")
PARENT = UUID("11112222-3333-4444-8555-666677778888")
USER = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
CONTENT = f"https_/assets.grok.com/users/{USER}/{POST}/content"
CLIP = f"https_/assets.grok.com/users/{USER}/generated/{POST}/generated_video.mp4"
# Who leaves a file like that, and where: pictures are for the post's content, clips for its generated video.
PICTURES = {
    "wget -x below another folder": f"assets.grok.com/users/{USER}/{POST}/content",
    "wget -x --protocol-directories": f"https/assets.grok.com/users/{USER}/{POST}/content",
    "wget -x -nH": f"users/{USER}/{POST}/content",
    "wget -x --cut-dirs": f"{POST}/content",
    "wget with a query": f"mine/{POST}/content?cache=1",
    "wget for Windows with a query": f"mine/{POST}/content@cache=1",
    "wget, folders of hosts with a port": f"assets.grok.com+443/users/{USER}/{POST}/content",
    "aria2 with out=": f"https_/assets.grok.com/users/{USER}/{POST}/content",
    "curl --create-dirs with an extension": f"https_/assets.grok.com/users/{USER}/{POST}/content.jpg",
    "a placeholder for the owner": f"users/_/{POST}/content",
    "grok-imagine-archive": f"media/images/{POST}-original-0123456789ab.jpg",
    "a manager's days and minutes": f"grok-imagine/2025_11_02/10_31/{POST}.jpg",
    "search-enhanced": f"grok-{POST}.jpg",
    "a script with time, model and prompt": f"2025-11-02T10-31-00_{POST}_imagine_x_1_a red fox.jpg",
    "a script with the raw post": f"{POST}.jpeg",
    "date, id and prompt": f"2025-11-02_{POST}_a red fox at dusk.jpg",
    "an exporter's zip, unpacked": f"export/images/{POST}.jpg",
    "an archiver by request": f"gallery/{uuid4()}_1700000000/{POST}.jpg",
    "a fork with the id of the address": f"downloads/{POST}.png",
    "no dashes in the id": f"downloads/{POST.hex}.jpg",
    "capitals": f"downloads/{str(POST).upper()}.JPG",
}
CLIPS = {
    "below the parent": f"{PARENT}/{POST}.mp4",
    "parent and child in the name": f"{PARENT}_{POST}.mp4",
    "only the better version": f"grok/{POST}/generated_video_hd.mp4",
    "the first eight digits": f"grok_downloads/aaaaaaaa/{str(PARENT)[:8]}/child_00_{str(POST)[:8]}.mp4",
    "an exporter's zip, unpacked": f"videos/{POST}.mp4",
}


@pytest.fixture
def elsewhere(tmp_path: Path, shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second media folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    found = settings.model_copy(update={"media_roots": (folder,)})
    monkeypatch.setattr(settings_of_process, "current", lambda: found)
    return folder


def put(root: Path, path: str, content: bytes) -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


async def want(shelf: Shelf, path: str, kind: str, post_id: UUID = POST, parent: UUID | None = None) -> UUID:
    (made,) = await shelf.want(None, path=path, kind=kind)
    async with shelf.database.begin() as session:
        if parent is not None:
            root = {"id": parent, "parent_id": None, "root_id": parent}
            await session.execute(update(Post).where(Post.id == made).values(wanted_parent_id=None))
            session.add(Post(user_id=shelf.user_id, kind="image", **root))
            await session.flush()
        await session.execute(text("set local session_replication_role = replica"))
        await session.execute(update(File).where(File.post_id == made).values(post_id=post_id))
        more = {"parent_id": parent, "root_id": parent} if parent else {"root_id": post_id}
        await session.execute(update(Post).where(Post.id == made).values(id=post_id, **more))
    return post_id


@pytest.mark.parametrize("layout", PICTURES)
@pytest.mark.parametrize("below", ["the main folder", "another folder"])
async def test_a_picture_is_found_in_place(layout: str, below: str, shelf: Shelf, elsewhere: Path) -> None:
    root = shelf.home / "https_" if below == "the main folder" else elsewhere
    content = picture("JPEG", (300, 200))
    place = put(root, PICTURES[layout], content)
    await want(shelf, CONTENT, "image")

    await shelf.look()

    file = await shelf.main_file(POST)
    assert (file.state, (await shelf.post(POST)).media_state) == ("present", "present")
    assert place.read_bytes() == content


@pytest.mark.parametrize("layout", CLIPS)
async def test_a_clip_is_found_in_place(layout: str, shelf: Shelf, elsewhere: Path) -> None:
    put(elsewhere, CLIPS[layout], clip())
    put(elsewhere, f"thumbs/{POST}_thumb.jpg", picture())
    await want(shelf, CLIP, "video", parent=PARENT)

    await shelf.look()

    assert (await shelf.main_file(POST)).state == "present"


async def test_a_sound_is_found_by_the_id_in_its_address(shelf: Shelf, elsewhere: Path) -> None:
    other = uuid4()
    put(elsewhere, f"sounds/{other}.flac", sound(".flac"))
    await want(shelf, f"https_/assets.grok.com/users/{USER}/generated/{other}/generated_audio.flac", "audio")

    await shelf.look()

    assert (await shelf.main_file(POST)).state == "present"


async def test_what_is_found_elsewhere_is_served(shelf: Shelf, elsewhere: Path, live_client: httpx.AsyncClient) -> None:
    content = picture("JPEG", (300, 200))
    put(elsewhere, PICTURES["search-enhanced"], content)
    await want(shelf, CONTENT, "image")
    await shelf.look()
    file = await shelf.main_file(POST)

    app = live_client._transport.app  # type: ignore[attr-defined]
    app.state.settings = settings_of_process.current()
    served = await live_client.get(f"/media/{file.found_path}")

    assert file.found_path == f"roots/{roots.read_marker(elsewhere)}/grok-{POST}.jpg"
    assert served.content == content


async def test_the_whole_picture_goes_before_its_thumbnail_and_the_larger_before_the_smaller(
    shelf: Shelf, elsewhere: Path
) -> None:
    put(elsewhere, f"thumbs/{POST}_thumb.png", picture("PNG", (900, 900)))
    put(elsewhere, f"a/{POST}.jpg", picture("JPEG", (300, 200)))
    put(elsewhere, f"b/{POST}.jpg", picture("JPEG", (600, 400)))
    await want(shelf, CONTENT, "image")

    await shelf.look()

    assert (await shelf.post(POST)).width == 600


async def test_a_clip_never_stands_for_a_picture(shelf: Shelf, elsewhere: Path) -> None:
    put(elsewhere, f"{POST}/{uuid4()}.mp4", clip())
    put(elsewhere, f"{POST}.mp4", clip())
    await want(shelf, CONTENT, "image")

    await shelf.look()

    assert (await shelf.main_file(POST)).state == "missing"


async def test_a_moved_file_is_known_again_by_its_content(shelf: Shelf, elsewhere: Path) -> None:
    (post_id,) = await shelf.want(picture("JPEG", (300, 200)))
    await shelf.look()
    file = await shelf.main_file(post_id)
    put(elsewhere, "same size.jpg", bytes(file.size_bytes or 0))

    shutil.move(shelf.home / (file.path or ""), elsewhere / "renamed.jpg")
    assert (await shelf.look())["relinked"] == 1

    file = await shelf.main_file(post_id)
    assert (file.state, (file.found_path or "").rpartition("/")[2]) == ("present", "renamed.jpg")
    before = await shelf.everything()
    assert (await shelf.look()).get("relinked", 0) == 0
    assert await shelf.everything() == before


async def test_a_folder_whose_marker_is_away_makes_nothing_missing(shelf: Shelf, elsewhere: Path) -> None:
    put(elsewhere, PICTURES["search-enhanced"], picture())
    await want(shelf, CONTENT, "image")
    await shelf.look()

    shutil.move(elsewhere, elsewhere.with_name("unmounted"))
    elsewhere.mkdir()
    await shelf.look()
    assert (await shelf.main_file(POST)).state == "present"

    elsewhere.rmdir()
    shutil.move(elsewhere.with_name("unmounted"), elsewhere)
    await shelf.look()
    assert (await shelf.main_file(POST)).state == "present"


async def test_the_main_folder_without_its_marker_makes_nothing_missing(shelf: Shelf) -> None:
    first, _ = await shelf.want(picture(), picture("PNG"))
    await shelf.look()

    (shelf.home / "https_" / roots.MARKER).unlink()
    (shelf.home / ((await shelf.main_file(first)).path or "")).unlink()
    await shelf.look()

    assert (await shelf.main_file(first)).state == "present"


async def test_a_second_look_reads_only_what_changed(
    shelf: Shelf, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "RACY_NS", 0)
    for number in range(30):
        put(elsewhere, f"{number}/{uuid4()}.jpg", b"x")
    await shelf.look()
    root = roots.Root(roots.read_marker(elsewhere), elsewhere, is_main=False)

    again = Scan(shelf.database, root)
    await again.run()
    put(elsewhere, f"7/{POST}.jpg", b"x")
    shutil.rmtree(elsewhere / "9")
    third = Scan(shelf.database, root)
    await third.run()

    assert again.changed == 0
    # The changed folder, the one that went, and the one it lay in.
    assert third.changed == 3
    async with shelf.database.begin() as session:
        rows = (await session.execute(text("select folder, ids from disk_files"))).all()
    assert len(rows) == 30
    assert ("7", [POST]) in [(row.folder, row.ids) for row in rows]


async def test_a_folder_of_very_many_files_is_read_in_steps(
    shelf: Shelf, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ENTRIES_AT_ONCE", 7)
    monkeypatch.setattr(scanning, "FOLDERS_AT_ONCE", 3)
    for number in range(40):
        put(elsewhere, f"{number % 11}/{uuid4()}.jpg", b"x")

    await shelf.look()

    async with shelf.database.begin() as session:
        assert await session.scalar(text("select count(*) from disk_files")) == 40
        assert await session.scalar(text("select count(*) from disk_folders where path <> ''")) == 11
        assert await session.get(DiskFile, ("x", "y", "z")) is None


async def test_links_are_not_followed(shelf: Shelf, elsewhere: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret", f"{POST}.jpg", picture())
    (elsewhere / "link").symlink_to(tmp_path / "secret")
    (elsewhere / f"{POST}.jpg").symlink_to(tmp_path / "secret" / f"{POST}.jpg")
    await want(shelf, CONTENT, "image")

    await shelf.look()

    assert (await shelf.main_file(POST)).state == "missing"


@pytest.mark.parametrize(
    "path", ["content", "content.1", "generated_video.1.mp4", "Grok_20251102_103100_prompt.mp4", "x" * 255, "é/ü.jpg"]
)
def test_paths_without_an_id(path: str) -> None:
    assert ids_in(path) == []


@pytest.mark.parametrize("name", [".hidden.jpg", "a.json", "a.txt", "a.jpg.part", "a.aria2"])
def test_names_of_what_is_no_medium(name: str) -> None:
    assert not could_be_media(name)
