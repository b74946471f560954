"""Which hosts may be asked, and at what pace: a few files at once, a few a second, so many bytes a second."""

import asyncio
from collections.abc import Sequence

from sovia.fetching.errors import BadHost
from sovia.kit.settings import Settings
from sovia.library.paths import Refusal, path_for_url

ALLOWED = ("assets.grok.com", "imagine-public.x.ai", "images-public.x.ai", "vidgen.x.ai", "imgen.x.ai")
MOST_HOSTS = 100


def allowed_hosts(settings: Settings, more: Sequence[str]) -> frozenset[str]:
    """The hosts of the product, those of the settings, and those that a person allowed."""
    return frozenset((*ALLOWED, *(host.lower() for host in settings.fetch_hosts), *more))


def host_named(text: str) -> str:
    """The name of a host as it is compared, or `BadHost`."""
    found = path_for_url(f"https://{text.strip()}/x")
    if isinstance(found, Refusal):
        raise BadHost(text)
    return found.path.split("/")[1]


class Pace:
    """Lets through so many units a second on average; 0 lets everything through."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._free_at = 0.0

    async def spend(self, amount: float = 1.0) -> None:
        """Wait until this much more may pass."""
        if self.per_second <= 0:
            return
        now = asyncio.get_running_loop().time()
        begins = max(now, self._free_at)
        self._free_at = begins + amount / self.per_second
        if begins > now:
            await asyncio.sleep(begins - now)
