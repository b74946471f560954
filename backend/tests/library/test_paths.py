"""The rule from URL to path: every vector of the table, and what must bounce."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovia.library.paths import Mapped, Refusal, original_of, path_for_url

CLIP = "https_/assets.grok.com/users/u/v.mp4"
P = "0a097c97-6bf4-4c69-bd2c-af82eeeacbe2"
U = "6513270e-269e-4d37-b2a7-4de452e6b438"


def path(url: str) -> str:
    found = path_for_url(url)
    assert isinstance(found, Mapped), found
    return found.path


@pytest.mark.parametrize(
    "url",
    [
        "https://assets.grok.com/users/u/v.mp4",
        "HTTPS://Assets.Grok.com:443/users/u/v.mp4",
        "http://assets.grok.com/users/u/v.mp4",
        "http://assets.grok.com:80/users/u/v.mp4",
        "https://assets.grok.com/users/u/v.mp4?cache=1&dl=1#t=3",
        "https://assets.grok.com./users/u/v.mp4",
        "https://assets.grok.com//users///u/v.mp4/",
        " https://assets.grok.com/users/u/v.mp4\n".strip("\n"),
        "users/u/v.mp4",
        "https_/assets.grok.com/users/u/v.mp4",
        "http_/assets.grok.com/users/u/v.mp4",
        "http://localhost:8000/media/https_/assets.grok.com/users/u/v.mp4",
        "http://127.0.0.1:8123/media/https_/assets.grok.com/users/u/v.mp4?x=1",
        "/media/https_/assets.grok.com/users/u/v.mp4",
    ],
)
def test_equal_urls_are_one_file(url: str) -> None:
    assert path(url) == CLIP


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://assets.grok.com/users/{U}/{P}/content", f"https_/assets.grok.com/users/{U}/{P}/content"),
        (f"https://assets.grok.com/users/{U}/{P}/content?x", f"https_/assets.grok.com/users/{U}/{P}/content"),
        ("https://assets.grok.com/users/u/1/content", "https_/assets.grok.com/users/u/1/content"),
        ("https://assets.grok.com/users/u/1/content/x.png", "https_/assets.grok.com/users/u/1/content~d/x.png"),
        ("https://a.example/caf%C3%A9.png", "https_/a.example/caf\u00e9.png"),
        ("https://a.example/cafe%CC%81.png", "https_/a.example/caf\u00e9.png~2"),
        ("https://a.example/a%20b.mp4", "https_/a.example/a b.mp4"),
        ("https://a.example/%ff.png", "https_/a.example/%ff.png"),
        ("https://a.example/CON.mp4", "https_/a.example/~43ON.mp4"),
        ("https://a.example/a:b", "https_/a.example/a~3ab"),
        ("https://a.example/name.", "https_/a.example/name~2e"),
        ("https://a.example/name%20", "https_/a.example/name~20"),
        ("https://a.example/content~d/x", "https_/a.example/content~7ed/x"),
        ("https://b\u00fccher.example/x.png", "https_/xn--bcher-kva.example/x.png"),
    ],
)
def test_names_are_decoded_and_escaped(url: str, expected: str) -> None:
    """SEC05."""
    assert path(url) == expected


def test_a_look_alike_host_has_a_folder_of_its_own() -> None:
    assert path("https://\u0430ssets.grok.com/users/u/v.mp4").startswith("https_/xn--")


def test_different_queries_on_an_unknown_host_are_different_files() -> None:
    one, two, none = (path("https://a.example/x.png" + query) for query in ("?a=1", "?a=2", ""))

    assert len({one, two, none}) == 3
    assert one.startswith("https_/a.example/x.png~q")
    assert len(one) == len(none) + 10


@pytest.mark.parametrize(
    "url",
    [
        "https://../backend/.env",
        "https://x/../../",
        "https://x/../../backend/.env",
        "https://a.example/../../etc/passwd",
        "https://assets.grok.com/../../etc/passwd",
        "https://a.example/a/./b",
        "https://a.example/..%2f..%2f.env",
        "https://a.example/%2e%2e/x",
        "https://a.example/%252e%252e/x",
        "https://a.example/%25252e%25252e/x",
        "https://a.example/..%5c..%5cx",
        "https://a.example/a\\b",
        "https://a.example/a%00b",
        "https://a.example/a%0ab",
        "https://a.example/a\x07b",
        "https://a.example/a\nb",
        "https://user@a.example/x",
        "https://user:pass@a.example/x",
        "https://a.example:8080/x",
        "http://a.example:443/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://printer/x",
        "https://nas.local/x",
        "https://_derived/x",
        "https://_local.example/x",
        "file:///etc/passwd",
        "ftp://a.example/x",
        "httpx://a.example/x",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https://a.example",
        "https://a.example/",
        "https://a.example/.env",
        "https://a.example/.git/config",
        "https://a.example/" + "x" * 201,
        "https://a.example/" + "%C3%A9" * 101,
        "https://a.example/" + "d/" * 32 + "x",
        "https://a.example/" + "/".join("x" * 100 for _ in range(21)),
        "https_/../../etc/passwd",
        "https_/assets.grok.com/../../x",
        "https_/assets.grok.com",
        "https_/_derived/x",
        "http://localhost:8000/media/https_/..%2f..%2fx.example/y",
        "/etc/passwd",
        "C:\\x",
        "",
        "users/../../x",
        "https://a.example/\ud800",
        "https://" + "a" * 300 + ".example/x",
    ],
)
def test_odd_urls_are_refused_with_a_reason(url: str) -> None:
    """SEC01, SEC05."""
    found = path_for_url(url)

    assert isinstance(found, Refusal), found
    assert found.reason
    assert found.url == url


def test_a_local_path_names_its_remote_address() -> None:
    found = path_for_url("https_/a.example/content~d/a b~3a.png")

    assert found == Mapped("https://a.example/content/a%20b%3A.png", "https_/a.example/content~d/a b~3a.png")


def test_the_original_of_a_resized_picture() -> None:
    resized = (
        "https://imagine-public.x.ai/cdn-cgi/image/width=500,fit=scale-down,format=auto/imagine-public/images/1.png"
    )

    assert original_of(resized) == "https://imagine-public.x.ai/imagine-public/images/1.png"
    assert original_of("https://a.example/x.png") == "https://a.example/x.png"


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-z.%0-9]{1,20}/[ -~\u00e0-\u00ff]{0,60}", fullmatch=True))
def test_no_path_leaves_the_folder_and_a_path_maps_to_itself(url: str) -> None:
    found = path_for_url(url)

    if isinstance(found, Mapped):
        parts = found.path.split("/")
        assert parts[0] == "https_"
        assert len(parts) >= 3
        assert not {"", ".", ".."} & set(parts)
        assert not {"\\", "\x00"} & set(found.path)
        assert path(found.path) == found.path
