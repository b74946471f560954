"""How long a backup and a restore of a generated library take, beside bare pg_dump and pg_restore of the same one.

    PYTHONPATH=backend python benchmarks/bench_backup.py --posts 1000000

Makes a library in a home of its own: posts with prompts of about 34 words, what a provider said of each, a file for
each. Then everything in one run: bare `pg_dump`, bare `pg_restore -j`, a backup with its proof, and a restore with the
backup of what was there, the counting, the migrations and the look whether all is well. Needs about ten gigabytes of
disk for a million posts.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import vocabulary

from sovia import tables
from sovia.account.service import LOCAL_USER, local_user
from sovia.kit.db import Database
from sovia.kit.sandbox import cores
from sovia.kit.settings import Settings
from sovia.ops import migrate
from sovia.ops.backups import making, programs, restoring, servers
from sovia.ops.postgres import Lease

AT_ONCE = 100_000
WORDS_OF_A_PROMPT = 34
# A root, then three children; what a provider says of a post takes about a kilobyte.
POSTS = """
INSERT INTO posts (user_id, id, parent_id, root_id, kind, created_at, prompt, search_text, words, prompt_hash, model,
                   mode, media_url, mime_type, media_state, child_count, raw)
SELECT $1, md5('p' || n)::uuid, CASE WHEN n % 4 = 0 THEN NULL ELSE md5('p' || n - n % 4)::uuid END,
       md5('p' || n - n % 4)::uuid, CASE WHEN n % 4 = 0 THEN 'image' ELSE 'video' END,
       timestamptz '2024-01-01' + n * interval '41 seconds', said, said, to_tsvector('simple', said),
       sha256(said::bytea), 'model-' || n % 7, 'mode-' || n % 5, 'https://assets.grok.com/users/u/' || n || '/content',
       'image/jpeg', 'present', CASE WHEN n % 4 = 0 THEN 3 ELSE 0 END,
       jsonb_build_object('id', md5('p' || n), 'prompt', said, 'userId', md5('u'), 'resolution', n % 3, 'x', md5(said))
FROM (
    SELECT n, string_agg(($2::text[])[1 + abs(hashint4(n * 64 + word)) % cardinality($2::text[])], ' ') AS said
    FROM generate_series($3::int, $4::int) n, generate_series(1, $5::int) word GROUP BY n ORDER BY n
) AS several
"""
FILES = """
INSERT INTO files (user_id, post_id, role, position, url, path, state, sha256, size_bytes, mtime_ns, mime_type, width,
                   height, checked_at, verified_at)
SELECT $1, md5('p' || n)::uuid, 'media', 0, 'https://assets.grok.com/users/u/' || n || '/content',
       'https_/assets.grok.com/users/u/' || n || '/content', 'present', sha256(n::text::bytea), 100000 + n, n,
       'image/jpeg', 832, 1248, now(), now()
FROM generate_series($2::int, $3::int) n
"""


@contextmanager
def timed(name: str, took: dict[str, float]) -> Iterator[None]:
    """Say how long the block takes."""
    began = time.monotonic()
    yield
    took[name] = time.monotonic() - began
    print(f"{name:44} {took[name]:8.1f} s", flush=True)


async def fill(url: str, posts: int) -> None:
    """Make the library."""
    database = Database(url)
    async with database.begin() as session:
        await local_user(session)
    await database.dispose()
    lists = (vocabulary.SUBJECTS, vocabulary.ACTIONS, vocabulary.PLACES, vocabulary.LIGHTS, vocabulary.STYLES)
    words = sorted({word for one in lists for part in one.split("|") for word in part.split()})
    async with servers.connected(url) as connection:
        for first in range(0, posts, AT_ONCE):
            last = min(first + AT_ONCE, posts) - 1
            await connection.execute(POSTS, LOCAL_USER, words, first, last, WORDS_OF_A_PROMPT)
            await connection.execute(FILES, LOCAL_USER, first, last)
        await connection.execute("INSERT INTO library_versions VALUES ($1, 1) ON CONFLICT DO NOTHING", LOCAL_USER)
        await connection.execute("VACUUM ANALYZE")


async def bare(url: str, folder: Path, took: dict[str, float]) -> None:
    """What the programs of PostgreSQL take by themselves."""
    found = programs.find(18)
    dump = folder / "bare.dump"
    async with servers.connected(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        with timed("bare pg_dump", took):
            await asyncio.to_thread(found.dump, url, snapshot, dump)
    empty = await servers.make_empty(url, "bare")
    with timed(f"bare pg_restore -j {cores()}", took):
        await asyncio.to_thread(found.restore, empty, dump, plain=True)
    await servers.drop(url, "bare")
    dump.unlink()


def teller() -> making.Tell:
    """Says each step and how long the one before it took."""
    began, before = time.monotonic(), ""

    async def tell(note: str) -> None:
        nonlocal began, before
        if before:
            print(f"    {before:40} {time.monotonic() - began:8.1f} s", flush=True)
        began, before = time.monotonic(), note

    return tell


async def main(posts: int, home: Path) -> None:
    """Measure and print."""
    settings = Settings.model_validate({"SOVIA_HOME": home})
    lease = Lease(home)
    took: dict[str, float] = {}
    try:
        await asyncio.to_thread(migrate.upgrade, lease.url)
        with timed(f"making {posts:,} posts", took):
            await fill(lease.url, posts)
        async with servers.connected(lease.url) as connection:
            size = await connection.fetchval("SELECT pg_database_size(current_database())")
        print(f"{'the database':44} {size / 1e6:8,.0f} MB")
        await bare(lease.url, home, took)
        with timed("backup, proven", took):
            made = await making.make(lease.url, settings, "by hand", teller())
        assert made.state == "proven", made.proof
        print(f"{'the backup':44} {made.size_bytes / 1e6:8,.0f} MB")
        with timed("restore, with a backup of what was there", took):
            await restoring.restore(lease.url, settings, made.name, teller())
    finally:
        lease.release()
    dump, restore = took["bare pg_dump"], took[f"bare pg_restore -j {cores()}"]
    print(f"backup / (bare dump + restore)   {took['backup, proven'] / (dump + restore):.2f}")
    whole = took["restore, with a backup of what was there"]
    print(f"restore / (bare dump + 2 restores) {whole / (dump + 2 * restore):.2f}")
    print(f"restore / bare restore           {whole / restore:.2f}")


if __name__ == "__main__":
    assert tables.metadata
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where to make the home; by default the system's temporary folder")
    given = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="sovia-bench-", dir=given.folder))
    try:
        asyncio.run(main(given.posts, place))
    finally:
        time.sleep(2)
        shutil.rmtree(place, ignore_errors=True)
