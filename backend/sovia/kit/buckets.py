"""A bucket of S3-compatible storage: what is put in is checked on arrival, and no error names an address or a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, InvalidPathError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

if TYPE_CHECKING:
    # These are there for those who check types only.
    from obstore.store import ClientConfig, RetryConfig, S3Config

# What is larger goes in parts of this size, so that memory stays flat.
PART = 8 << 20
PARTS_AT_ONCE = 2
READ_AT_ONCE = 1 << 20
CONNECT, ANSWER = "5s", "60s"
RETRIES, RETRY_FOR = 3, timedelta(seconds=30)
HASH = "sha256"


class BucketAway(Exception):
    """The storage does not answer."""


class BucketRefuses(Exception):
    """The storage answers, and does not let us; or there is no such bucket."""


class BucketFull(Exception):
    """The storage has no room left."""


@dataclass(frozen=True)
class InBucket:
    """What the storage says of an object; `sha256` is what was written beside it when it was put there."""

    size: int
    e_tag: str | None
    sha256: str | None = None


class Bucket:
    """Objects below a prefix of a bucket."""

    def __init__(self, name: str, prefix: str, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        config: S3Config = {"region": region or "us-east-1"}
        if access_key:
            config |= {"access_key_id": access_key, "secret_access_key": secret_key}
        if endpoint:
            config |= {"endpoint": endpoint.rstrip("/"), "virtual_hosted_style_request": False}
        # The storage compares what arrives with this, so that what was cut short on the way is refused.
        config["checksum_algorithm"] = "SHA256"
        options: ClientConfig = {"connect_timeout": CONNECT, "timeout": ANSWER}
        options["allow_http"] = endpoint.startswith("http://")
        retries: RetryConfig = {"max_retries": RETRIES, "retry_timeout": RETRY_FOR}
        self._store = S3Store(
            name, prefix=prefix.strip("/") or None, config=config, client_options=options, retry_config=retries
        )

    def put(self, key: str, content: bytes | Iterator[bytes], sha256: str) -> InBucket:
        """Put an object in the place of what is called so; what raises while it is read leaves what was there."""
        several = not isinstance(content, bytes)
        with _named_errors():
            obstore.put(
                self._store,
                key,
                content,
                attributes={HASH: sha256},
                use_multipart=several,
                chunk_size=PART,
                max_concurrency=PARTS_AT_ONCE,
            )
        found = self.look(key)
        if found is None:
            raise BucketAway
        return found

    def look(self, key: str) -> InBucket | None:
        """What the storage says of an object, without reading it; nothing when it is not there."""
        with _named_errors():
            try:
                found = obstore.get(self._store, key, options={"head": True})
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise BucketRefuses from None
                return None
        return InBucket(found.meta["size"], found.meta["e_tag"], found.attributes.get(HASH))

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes of an object; FileNotFoundError when it is not there."""
        with _named_errors():
            for block in obstore.get(self._store, key).stream(min_chunk_size=READ_AT_ONCE):
                yield bytes(block)


class _named_errors:  # noqa: N801 - used like a function
    """Turns what the storage says into one of our three words: its own texts hold addresses."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
            raise BucketRefuses from None
        if isinstance(error, FileNotFoundError) and "NoSuchBucket" in str(error):
            raise BucketRefuses from None
        if isinstance(error, InvalidPathError):
            raise FileNotFoundError("no key can be called so") from None
        if isinstance(error, (BaseError, TimeoutError, ConnectionError)):
            said = str(error)
            full = any(word in said for word in ("507", "StorageFull", "QuotaExceeded", "InsufficientCapacity"))
            raise (BucketFull if full else BucketAway) from None
