"""Stacks in which something moved: roots, inherited prompts and sums made right again, from the root down."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

# Only rows that are wrong are written; COLLATE "C" sorts as Python does, whatever the server's locale.
TREE = """
WITH RECURSIVE tree AS (
  SELECT id, id AS root, coalesce(nullif(original_prompt, ''), prompt) AS words, '' AS inherited, 0 AS depth
  FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[]) AND parent_id IS NULL
  UNION ALL
  SELECT p.id, t.root, coalesce(nullif(p.original_prompt, ''), nullif(p.prompt, ''), t.words),
         CASE WHEN p.original_prompt = '' AND p.prompt = '' THEN t.words ELSE '' END, t.depth + 1
  FROM tree t JOIN posts p ON p.user_id = $1 AND p.parent_id = t.id
)
UPDATE posts p SET root_id = t.root, inherited_prompt = t.inherited,
  prompt_hash = CASE WHEN t.words = '' THEN NULL ELSE decode(md5(t.words), 'hex') END,
  child_count = CASE WHEN t.depth = 0 THEN p.child_count ELSE 0 END,
  stack_kinds = CASE WHEN t.depth = 0 THEN p.stack_kinds ELSE '{}' END,
  stack_models = CASE WHEN t.depth = 0 THEN p.stack_models ELSE '{}' END,
  stack_modes = CASE WHEN t.depth = 0 THEN p.stack_modes ELSE '{}' END
FROM tree t
WHERE p.user_id = $1 AND p.id = t.id AND (
  p.root_id <> t.root OR p.inherited_prompt <> t.inherited
  OR p.prompt_hash IS DISTINCT FROM CASE WHEN t.words = '' THEN NULL ELSE decode(md5(t.words), 'hex') END
  OR (t.depth > 0 AND p.child_count + cardinality(p.stack_kinds) > 0))
"""
SUMS = """
WITH members AS (
  SELECT id, root_id, kind, model, mode FROM posts
  WHERE user_id = $1 AND id = ANY($2::uuid[]) AND parent_id IS NULL
  UNION ALL
  SELECT id, root_id, kind, model, mode FROM posts
  WHERE user_id = $1 AND root_id = ANY($2::uuid[]) AND parent_id IS NOT NULL AND deleted_at IS NULL
), sums AS (
  SELECT root_id, count(*) - 1 AS children,
         array_agg(DISTINCT kind COLLATE "C") AS kinds,
         coalesce(array_agg(DISTINCT model COLLATE "C") FILTER (WHERE model IS NOT NULL), '{}') AS models,
         coalesce(array_agg(DISTINCT mode COLLATE "C") FILTER (WHERE mode IS NOT NULL), '{}') AS modes
  FROM members GROUP BY root_id
)
UPDATE posts p
SET child_count = s.children, stack_kinds = s.kinds, stack_models = s.models, stack_modes = s.modes
FROM sums s
WHERE p.user_id = $1 AND p.id = s.root_id AND p.parent_id IS NULL
  AND (p.child_count, p.stack_kinds, p.stack_models, p.stack_modes)
    IS DISTINCT FROM (s.children, s.kinds, s.models, s.modes)
"""


async def settle(connection: asyncpg.Connection, user_id: UUID, roots: Collection[UUID]) -> None:
    """Make the stacks of these roots agree with their edges; ids that are no roots any more are passed over."""
    if roots:
        await connection.execute(TREE, user_id, list(roots))
        await connection.execute(SUMS, user_id, list(roots))
