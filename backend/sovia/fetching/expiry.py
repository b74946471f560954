"""When an address stops working, as far as it tells: signed links, and hosts that keep things for a day; pure."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

# What these hosts give out is temporary; a day is what is known of clips.
TEMPORARY = {"vidgen.x.ai": timedelta(hours=24), "imgen.x.ai": timedelta(hours=24)}
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def expires_at(url: str, made_at: datetime | None) -> datetime | None:
    """The moment after which the URL is expected to fail, or nothing when it has none that is known."""
    try:
        parts = urlsplit(url)
        host, pairs = parts.hostname or "", parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    query = {name.lower(): value for name, value in pairs}
    signed = _signed(query)
    if signed is not None:
        return signed
    lasting = TEMPORARY.get(host)
    return made_at + lasting if lasting is not None and made_at is not None else None


def _signed(query: dict[str, str]) -> datetime | None:
    for kind in ("amz", "goog"):
        begun, lasts = _stamp(query.get(f"x-{kind}-date", "")), query.get(f"x-{kind}-expires", "")
        if begun is not None and lasts.isascii() and lasts.isdigit() and len(lasts) < 9:
            return begun + timedelta(seconds=int(lasts))
    for name in ("expires", "exp", "se"):
        found = _moment(query.get(name, ""))
        if found is not None:
            return found
    return None


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Seconds since 1970, or a date with a time."""
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 11:
        return min(LATEST, datetime.fromtimestamp(int(text), UTC)) if int(text) < LATEST.timestamp() else LATEST
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
