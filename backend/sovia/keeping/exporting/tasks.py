"""Background work of giving out: a zip that can be fetched in pieces."""

from typing import Any

from sovia.keeping.exporting import naming, service
from sovia.kit import settings
from sovia.kit.jobs import JobContext, task


@task(service.EXPORT)
async def export_zip(job: JobContext) -> dict[str, Any]:
    """Write the posts of a filter and their media into a zip; run again, it begins anew."""
    found = settings.current()
    service.forget_old(found.state_root)

    async def tell(posts: int) -> None:
        await job.progress(posts, None, f"{posts:,} posts")

    template = naming.checked(str(job.payload.get("template") or service.PLAIN))
    target = service.place_of(found.state_root, job.id)
    text = str(job.payload.get("filter") or "")
    tally = await service.to_zip(
        job.database, job.user_id, found.media_root, target, text=text, template=template, tell=tell
    )
    return tally | {"size_bytes": target.stat().st_size, "export": str(job.id)}
