"""Packed posts: unpacked again they are the posts that were read, and the words of an import are told once."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sovia.kit import rows
from sovia.library.arrivals import Arrival, Packer
from sovia.library.incoming import NewPost

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NAME = st.none() | TEXT.filter(bool)
SIDE = st.none() | st.integers(1, 100_000)
TIME = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
POSTS = st.builds(
    NewPost,
    id=st.uuids(),
    kind=st.sampled_from(["image", "video", "audio"]),
    raw=st.dictionaries(TEXT, st.none() | st.booleans() | TEXT | st.lists(TEXT, max_size=2), max_size=3),
    parent_id=st.none() | st.uuids(),
    nested_in=st.none() | st.uuids(),
    fills_only=st.booleans(),
    created_at=st.none() | TIME,
    prompt=TEXT,
    original_prompt=TEXT,
    model=NAME,
    mode=NAME,
    liked=st.none() | st.booleans(),
    width=SIDE,
    height=SIDE,
    duration_seconds=st.none() | st.floats(0.01, 1e6),
    media_url=st.just("") | st.just("https://assets.grok.com/users/x/generated/y/generated_video.mp4") | TEXT,
    hd_media_url=NAME,
    thumbnail_url=NAME,
    mime_type=NAME,
    audio_urls=st.lists(TEXT.filter(bool), max_size=2, unique=True),
    source_user_id=NAME,
    source_id=NAME,
    local_path=st.none() | st.just("https_/_local/ab/" + "ab" * 32 + ".png"),
)


@given(POSTS)
def test_a_packed_post_is_the_post(new: NewPost) -> None:
    assert Arrival.of(new).post() == new


@given(st.lists(POSTS, max_size=6))
def test_an_import_tells_each_word_once_and_packs_as_one_post_is_packed(posts: list[NewPost]) -> None:
    packer = Packer()
    (first, words), (second, others) = packer.packed(posts[:3]), packer.packed(posts)

    assert first == [Arrival.of(new) for new in posts[:3]]
    assert second == [Arrival.of(new) for new in posts]
    assert words.isdisjoint(others)
    assert words | others == Packer().packed(posts)[1]


@given(TIME)
def test_times_keep_their_microseconds(moment: datetime) -> None:
    packed = rows.split(rows.moment(moment) + rows.NULL)

    assert rows.time_of(packed[0]) == moment
    assert packed[1] is None


def test_the_same_prompts_are_made_ready_again_when_too_many_came_between() -> None:
    packer = Packer()
    posts = [NewPost(UUID(int=n), "image", {}, prompt=f"word{n % 7} " * 50) for n in range(30)]

    found, words = packer.packed(posts)

    assert words == {f"word{n}" for n in range(7)}
    assert [one.post().prompt for one in found] == [post.prompt for post in posts]
