"""What hostile files try on an import, each by its name, and the tests that show that it comes to nothing."""

from pathlib import Path

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import child, number, root

from sovia.kit.db import Database

TESTS = Path(__file__).resolve().parents[1]
# By what is tried: the modules and tests that prove that it comes to nothing.
PROVED = {
    "paths that leave the folder": [
        ("library/test_paths.py", "test_no_path_leaves_the_folder_and_a_path_maps_to_itself"),
        ("library/test_paths.py", "test_odd_urls_are_refused_with_a_reason"),
        ("importer/embedded/test_layout.py", "test_a_place_says_an_address_or_nothing"),
    ],
    "names that clash or are reserved": [
        ("library/test_paths.py", "test_names_are_decoded_and_escaped"),
        ("library/test_paths.py", "test_equal_urls_are_one_file"),
        ("importer/embedded/test_layout.py", "test_a_place_that_is_taken_costs_nobody_else"),
    ],
    "huge and deep files": [
        ("importer/shapes/test_sizes.py", "test_a_larger_file_takes_no_more_memory"),
        ("importer/test_edge_cases.py", "test_children_nested_too_deep_are_refused_alone"),
        ("importer/test_threats.py", "test_a_file_that_is_made_to_exhaust_costs_only_itself"),
    ],
    "texts that can not be stored": [
        ("importer/test_edge_cases.py", "test_unstorable_text_is_replaced_and_counted"),
        ("importer/test_grammar.py", "test_no_record_ever_breaks_the_server"),
    ],
    "values of the wrong type": [
        ("importer/test_edge_cases.py", "test_nan_is_null_and_the_last_of_equal_keys_counts"),
        ("importer/shapes/test_any_input.py", "test_any_value_is_read_or_named"),
    ],
    "times at the edges": [
        ("importer/test_times.py", "test_what_is_no_time_is_refused"),
        ("flows/test_hostile_export_is_browsable.py", "test_moments_at_the_edges_break_no_view"),
    ],
    "traps in archives": [
        ("importer/shapes/test_archives.py", "test_a_trap_costs_only_itself"),
        ("importer/shapes/test_archives.py", "test_the_list_of_members_is_measured_before_it_is_read"),
        ("importer/shapes/test_archives.py", "test_a_long_list_does_not_hide_behind_a_short_one"),
        ("importer/embedded/test_beside_more.py", "test_a_member_that_would_unpack_to_very_much_is_named"),
    ],
    "disks and queues filled": [
        ("importer/test_uploads.py", "test_an_upload_stops_before_the_disk_is_full"),
        ("importer/test_failing.py", "test_an_import_stops_before_the_disk_is_full"),
        ("importer/test_uploads.py", "test_a_worker_that_starts_removes_what_nothing_will_read"),
    ],
    "lines of their own in lists": [("importer/test_listing.py", "test_no_address_begins_a_line_of_its_own")],
    "names with line breaks": [
        ("importer/test_uploads.py", "test_file_names_are_only_shown"),
        ("importer/test_uploads.py", "test_a_hostile_name_is_never_a_path"),
    ],
    "a process killed anywhere": [
        ("importer/test_killed.py", "test_killed_and_gone_on_with"),
        ("importer/test_interrupted.py", "test_it_is_found_out_and_gone_on_with"),
    ],
    "disk full and database gone in the middle": [
        ("importer/test_failing.py", "test_an_import_that_broke_off_goes_on_later"),
    ],
    "the same twice, and at once": [
        ("importer/test_merging.py", "test_the_second_run_writes_nothing"),
        ("importer/test_failing.py", "test_overlapping_files_at_once_lose_and_double_nothing"),
    ],
    "two accounts with the same roots": [
        ("importer/test_failing.py", "test_two_accounts_that_share_roots_give_the_union_of_their_children"),
    ],
    "a file that seems to remove the library": [
        ("importer/test_failing.py", "test_an_export_that_seems_to_remove_everything_removes_nothing"),
    ],
}
GOOD = orjson.dumps(root(1, child(2, of=1)))
EXHAUSTING = {
    "brackets": b"[" * 100_000,
}


@pytest.mark.parametrize("threat", PROVED)
def test_every_threat_has_tests(threat: str) -> None:
    for module, test in PROVED[threat]:
        assert f"def {test}(" in (TESTS / module).read_text(encoding="utf-8"), (module, test)


@pytest.mark.parametrize("name", EXHAUSTING)
async def test_a_file_that_is_made_to_exhaust_costs_only_itself(
    name: str, live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    body, holds_good = EXHAUSTING[name], GOOD in EXHAUSTING[name]
    kind = {"content-type": "application/json"}
    small = await live_client.post("/api/import", content=body, headers=kind)
    sent = await live_client.post("/api/imports", files={"file": ("hostile.json", body)})
    await run_importer(database)
    report = (await live_client.get(f"/api/imports/{sent.json()['id']}")).json()
    here = (await live_client.post("/api/check-existing", json=[number(1), number(2)])).json()

    assert small.status_code < 500, small.text
    assert report["state"] in ("succeeded", "partial", "failed")
    assert report["error_code"] in (None, "not_an_export")
    assert here["existing_ids"] == ([number(1), number(2)] if holds_good else [])
