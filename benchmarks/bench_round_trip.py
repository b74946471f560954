"""Out and back at size: an export of a generated library, into an empty one, and both compared row by row.

    python benchmarks/bench_round_trip.py [--posts 100000]

Uses an embedded database of its own in a folder that is removed afterwards. Ends with an error when anything differs.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "backend"))

from sovia.account.service import local_user  # noqa: E402
from sovia.importer.service import import_file  # noqa: E402
from sovia.keeping.exporting import service  # noqa: E402
from sovia.kit.db import Database  # noqa: E402
from sovia.ops import migrate  # noqa: E402
from sovia.ops.postgres import Lease  # noqa: E402

CHILDREN = 8.1
# Of this installation: when and by which import something came.
POSTS = "to_jsonb(t) - array['added_at', 'updated_at', 'import_id']"
TABLES = {
    "posts": (POSTS, "id"),
    "files": ("to_jsonb(t)", "post_id, role, position"),
    "post_edges": ("to_jsonb(t)", "post_id, role, position"),
    "post_marks": ("to_jsonb(t)", "post_id"),
    "post_tags": ("to_jsonb(t)", "post_id, tag"),
    "collections": ("to_jsonb(t)", "id"),
    "collection_items": ("to_jsonb(t)", "collection_id, post_id"),
}
GIVE = """
INSERT INTO post_marks (user_id, post_id, rating, status) SELECT user_id, id, 1 + n % 5, 'select'
FROM (SELECT user_id, id, row_number() OVER (ORDER BY id) AS n FROM posts) p WHERE n % 3 = 0;

INSERT INTO post_tags (user_id, post_id, tag) SELECT user_id, id, 'tag ' || n % 50
FROM (SELECT user_id, id, row_number() OVER (ORDER BY id) AS n FROM posts) p WHERE n % 4 = 0;

INSERT INTO collections (id, user_id, name, name_key, seen_at, created_at, updated_at)
SELECT gen_random_uuid(), u.id, 'c' || n, 'c' || n, now(), now(), now() FROM users u, generate_series(1, 100) AS n;

INSERT INTO collection_items (collection_id, post_id, user_id, position, added_at)
SELECT c.id, p.id, p.user_id, p.n * 4294967296, now()
FROM (SELECT user_id, id, row_number() OVER (ORDER BY id) AS n FROM posts) p
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS m FROM collections) c ON c.m = 1 + p.n % 100;

UPDATE posts SET liked = NULL, liked_here = true WHERE id IN (SELECT id FROM posts ORDER BY id LIMIT 1000)
"""
EMPTY = "TRUNCATE posts, files, words, imports, import_problems, library_versions, collections, operations CASCADE"


async def prints(database: Database) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a hash of all of them in order."""
    found = {}
    async with database.begin() as session:
        for table, (row, order) in TABLES.items():
            hashed = f"SELECT md5(({row})::text) AS h, {order} FROM {table} t"
            whole = f"SELECT count(*), md5(string_agg(h, '' ORDER BY {order})) FROM ({hashed}) r"
            found[table] = tuple((await session.execute(text(whole))).one())
    return found


async def write_out(database: Database, user_id: UUID, target: Path) -> int:
    """The export as a file; its bytes."""
    size = 0
    with target.open("wb") as file:
        async for piece in service.json_of(database, user_id, ""):
            size += file.write(piece)
    return size


async def round_trip(url: str, export: Path, folder: Path) -> None:
    """There and back."""
    database = Database(url)
    async with database.begin() as session:
        user_id = await local_user(session)
    began = time.perf_counter()
    await import_file(database, user_id, export)
    async with database.begin() as session:
        for statement in GIVE.split(";"):
            await session.execute(text(statement))
    print(f"a library with marks, tags and collections: {time.perf_counter() - began:.1f} s")
    before, began = await prints(database), time.perf_counter()
    size = await write_out(database, user_id, folder / "out.json")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"exported: {size / 1e6:,.0f} MB in {time.perf_counter() - began:.1f} s, at most {peak:,.0f} MB of memory")
    async with database.begin() as session:
        await session.execute(text(EMPTY))
    began = time.perf_counter()
    await import_file(database, user_id, folder / "out.json")
    seconds, after = time.perf_counter() - began, await prints(database)
    posts = before["posts"][0]
    print(f"imported again: {posts:,} posts in {seconds:.1f} s, {posts / seconds:,.0f} posts/s")
    for table, found in before.items():
        print(
            f"  {table:18} {found[0]:>9,} rows {'the same' if after[table] == found else f'DIFFERENT: {after[table]}'}"
        )
    await database.dispose()
    if after != before:
        raise SystemExit("What came back is not what went out.")


def main() -> None:
    """One round trip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parents = str(max(1, round(given.posts / (1 + CHILDREN))))
        made = [sys.executable, str(ROOT / "benchmarks" / "make_export.py"), "posts", "--parents", parents]
        subprocess.run([*made, "--out", str(folder / "in.json")], check=True, capture_output=True)
        lease = Lease(folder)
        try:
            migrate.upgrade(lease.url)
            asyncio.run(round_trip(lease.url, folder / "in.json", folder))
        finally:
            lease.release()


if __name__ == "__main__":
    main()
