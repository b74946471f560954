"""What hostile files try on an import, what an import must do, and where it is proved: by number, name and test."""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# By what is tried: the modules and tests that prove that it comes to nothing.
PROVED = {
    "SEC01 paths that leave the folder": [
        ("library/test_paths.py", "test_no_path_leaves_the_folder_and_a_path_maps_to_itself"),
        ("library/test_paths.py", "test_odd_urls_are_refused_with_a_reason"),
        ("importer/embedded/test_layout.py", "test_a_place_says_an_address_or_nothing"),
    ],
    "SEC05 names that clash or are reserved": [
        ("library/test_paths.py", "test_names_are_decoded_and_escaped"),
        ("library/test_paths.py", "test_equal_urls_are_one_file"),
        ("importer/embedded/test_layout.py", "test_a_place_that_is_taken_costs_nobody_else"),
    ],
    "SEC16 huge and deep files": [
        ("importer/shapes/test_sizes.py", "test_a_larger_file_takes_no_more_memory"),
        ("importer/test_edge_cases.py", "test_children_nested_too_deep_are_refused_alone"),
        ("importer/test_exhausting.py", "test_in_a_small_request"),
        ("importer/test_exhausting.py", "test_in_an_upload"),
        ("importer/test_exhausting.py", "test_none_of_them_takes_much_memory"),
    ],
    "SEC17 texts that can not be stored": [
        ("importer/test_edge_cases.py", "test_unstorable_text_is_replaced_and_counted"),
        ("importer/test_grammar.py", "test_no_record_ever_breaks_the_server"),
    ],
    "SEC18 values of the wrong type": [
        ("importer/test_edge_cases.py", "test_nan_is_null_and_the_last_of_equal_keys_counts"),
        ("importer/shapes/test_any_input.py", "test_any_value_is_read_or_named"),
    ],
    "SEC19 times at the edges": [
        ("importer/test_times.py", "test_what_is_no_time_is_refused"),
        ("flows/test_hostile_export_is_browsable.py", "test_moments_at_the_edges_break_no_view"),
    ],
    "SEC20 traps in archives": [
        ("importer/shapes/test_archives.py", "test_a_trap_costs_only_itself"),
        ("importer/test_exhausting.py", "test_in_an_upload"),
        ("importer/shapes/test_archives.py", "test_the_list_of_members_is_measured_before_it_is_read"),
        ("importer/shapes/test_archives.py", "test_a_long_list_does_not_hide_behind_a_short_one"),
        ("importer/embedded/test_beside_more.py", "test_a_member_that_would_unpack_to_very_much_is_named"),
    ],
    "SEC39 disks and queues filled": [
        ("importer/test_uploads.py", "test_an_upload_stops_before_the_disk_is_full"),
        ("importer/test_failing.py", "test_an_import_stops_before_the_disk_is_full"),
        ("importer/test_pieces.py", "test_only_so_many_uploads_may_be_open"),
        ("importer/test_uploads.py", "test_a_worker_that_starts_removes_what_nothing_will_read"),
    ],
    "SEC45 lines of their own in lists": [
        ("importer/test_listing.py", "test_no_address_begins_a_line_of_its_own"),
        ("keeping/test_exporting.py", "test_prompts_make_safe_names"),
    ],
    "SEC46 names with line breaks": [
        ("importer/test_uploads.py", "test_file_names_are_only_shown"),
        ("importer/test_uploads.py", "test_a_hostile_name_is_never_a_path"),
        ("library/test_media.py", "test_a_download_has_a_safe_name"),
        ("kit/test_log.py", "test_a_failing_statement_names_no_parameters"),
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
    "S070 a fixture of 82 posts and 446 children": [
        ("importer/test_small_imports.py", "test_import_twice_skips_everything"),
    ],
    "S071 every envelope": [("importer/shapes/test_shapes.py", "test_every_shape_comes_in_once")],
    "S072 fields that may be absent": [
        ("importer/test_edge_cases.py", "test_fields_are_read_as_they_are_meant"),
        ("importer/test_sixty_cases.py", "test_the_case_comes_in_as_it_should"),
    ],
    "S073 sounds of clips": [("importer/test_edge_cases.py", "test_all_files_of_a_post_are_named")],
    "S074 new children of a known post": [
        ("importer/test_sixty_cases.py", "test_the_case_comes_in_as_it_should"),
        ("importer/test_merging.py", "test_what_a_later_export_changes"),
    ],
    "S075 posts whose files are missing": [
        ("library/test_looking_for_files.py", "test_a_missing_file_is_counted_and_found_when_it_comes"),
    ],
    "S076 three bad posts of a thousand": [
        ("importer/test_small_imports.py", "test_three_bad_posts_of_a_thousand_are_named"),
    ],
    "S077 no statement for each post": [
        ("importer/test_statements.py", "test_statements_grow_with_chunks_and_not_with_posts"),
    ],
    "S078 what an import would find": [
        ("importer/test_small_imports.py", "test_validate_says_what_an_import_would_find"),
    ],
    "S079 files dropped on the page": [
        ("e2e/test_import_in_page.py", "test_an_export_dropped_on_the_page_becomes_a_library"),
        ("e2e/test_import_in_page.py", "test_a_web_page_saved_as_an_export_is_explained"),
    ],
    "S080 numbers of the check": [
        ("e2e/test_import_wizard.py", "test_an_import_goes_through_its_five_steps_and_back_out")
    ],
    "S081 lists of missing files": [
        ("importer/test_routes.py", "test_missing_files_are_listed_once_each_in_three_formats"),
        ("importer/test_listing_used.py", "test_the_program_puts_every_file_where_it_belongs"),
    ],
    "S082 progress, and the grid that fills": [
        ("e2e/test_import_wizard.py", "test_a_hundred_thousand_posts_come_in_and_the_page_stays_awake"),
        ("e2e/test_import_views.py", "test_what_comes_in_meanwhile_moves_nothing_and_is_a_click_away"),
    ],
    "S083 local addresses of files that are here": [
        ("library/test_media.py", "test_a_file_found_under_another_name_has_both_addresses"),
    ],
    "S084 media sent themselves": [
        ("importer/test_media_imports.py", "test_a_dropped_picture_becomes_a_post_with_thumbnails"),
    ],
    "S085 files of no post": [("importer/test_media_imports.py", "test_a_folder_comes_in_once")],
    "S086 an export made by code": [
        ("importer/test_small_imports.py", "test_import_twice_skips_everything"),
    ],
    "S087 two imports at once": [("importer/test_merging.py", "test_imports_at_once_lose_and_double_nothing")],
}


@pytest.mark.parametrize("threat", PROVED)
def test_every_threat_has_tests(threat: str) -> None:
    for module, test in PROVED[threat]:
        assert f"def {test}(" in (TESTS / module).read_text(encoding="utf-8"), (module, test)
