"""What filters ask of marks, tags and collections, as SQL; the post is `{p}`. Pure.

No part of the text comes from outside; every value is bound.
"""
# ruff: noqa: S608 - put together from the texts below only

BEST = 5
MARKED = "EXISTS (SELECT 1 FROM post_marks k WHERE k.user_id = {{p}}.user_id AND k.post_id = {{p}}.id AND {condition})"
TAGGED = "EXISTS (SELECT 1 FROM post_tags k WHERE k.user_id = {{p}}.user_id AND k.post_id = {{p}}.id AND {condition})"
HELD = (
    "EXISTS (SELECT 1 FROM collection_items i WHERE i.user_id = {p}.user_id AND i.post_id = {p}.id"
    " AND i.collection_id = ANY(CAST({0} AS uuid[])))"
)
HELD_ANYWHERE = (
    "EXISTS (SELECT 1 FROM collection_items i JOIN collections c ON c.id = i.collection_id"
    " WHERE i.user_id = {p}.user_id AND i.post_id = {p}.id AND c.deleted_at IS NULL AND NOT c.is_smart)"
)
# The posts of the stack of a root.
MEMBERS = (
    "(SELECT {p}.id AS id UNION ALL SELECT m.id FROM posts m WHERE m.user_id = {p}.user_id AND m.root_id = {p}.id"
    " AND m.parent_id IS NOT NULL AND m.deleted_at IS NULL) s"
)
OF_STACK = " k ON k.user_id = {p}.user_id AND k.post_id = s.id"
BEST_RATING = "coalesce((SELECT max(k.rating) FROM " + MEMBERS + " JOIN post_marks" + OF_STACK + "), 0)::text"
STATUSES_OF_STACK = "unnest(ARRAY(SELECT DISTINCT k.status FROM " + MEMBERS + " JOIN post_marks" + OF_STACK + "))"
TAGS_OF_STACK = "unnest(ARRAY(SELECT DISTINCT k.tag FROM " + MEMBERS + " JOIN post_tags" + OF_STACK + "))"
COLLECTIONS_OF_STACK = (
    "unnest(ARRAY(SELECT DISTINCT c.name FROM "
    + MEMBERS
    + " JOIN collection_items"
    + OF_STACK
    + " JOIN collections c ON c.id = k.collection_id WHERE c.deleted_at IS NULL AND NOT c.is_smart))"
)
