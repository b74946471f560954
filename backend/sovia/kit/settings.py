"""Every setting of the product, read once from the environment or `.env`, then frozen."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[3]
TIME_OF_DAY = r"^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseSettings):
    """The settings by their names in the environment; `docs/how-to/settings.md` explains each.

    `home` holds `https_/`, `archive/` and `.sovia/`; an empty folder there is a fresh, separate installation.
    """

    model_config = SettingsConfigDict(env_file=PROJECT_ROOT / ".env", frozen=True, extra="ignore")

    home: Path = Field(PROJECT_ROOT, validation_alias="SOVIA_HOME")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8000, ge=0, le=65535, validation_alias="PORT")
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    cache_ttl: int = Field(300, ge=1, validation_alias="CACHE_TTL")
    db_pool_size: int = Field(20, ge=1, validation_alias="DB_POOL_SIZE")
    db_max_overflow: int = Field(40, ge=0, validation_alias="DB_MAX_OVERFLOW")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("http://localhost:8080",), validation_alias="ALLOWED_ORIGINS"
    )
    public_hosts: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias="PUBLIC_HOSTS")
    password: str = Field("", validation_alias="SOVIA_PASSWORD", repr=False)
    watch_import_folder: bool = Field(default=False, validation_alias="WATCH_IMPORT_FOLDER")
    backup_at: str = Field("02:00", pattern=TIME_OF_DAY, validation_alias="BACKUP_AT")
    backup_keep: int = Field(14, ge=1, validation_alias="BACKUP_KEEP")
    backup_keep_days: int = Field(90, ge=0, validation_alias="BACKUP_KEEP_DAYS")
    verify_days: int = Field(30, ge=1, validation_alias="VERIFY_DAYS")
    verify_mb_per_second: int = Field(50, ge=0, validation_alias="VERIFY_MB_PER_SECOND")
    mirror_folder: Path | None = Field(None, validation_alias="SOVIA_MIRROR_FOLDER")
    mirror_bucket: str = Field("", validation_alias="SOVIA_MIRROR_BUCKET")
    mirror_prefix: str = Field("", validation_alias="SOVIA_MIRROR_PREFIX")
    mirror_endpoint: str = Field("", pattern=r"^(https?://\S+)?$", validation_alias="SOVIA_MIRROR_ENDPOINT")
    mirror_region: str = Field("", validation_alias="SOVIA_MIRROR_REGION")
    mirror_access_key: SecretStr = Field(SecretStr(""), validation_alias="SOVIA_MIRROR_ACCESS_KEY", repr=False)
    mirror_secret_key: SecretStr = Field(SecretStr(""), validation_alias="SOVIA_MIRROR_SECRET_KEY", repr=False)
    mirror_at: str = Field("04:00", pattern=TIME_OF_DAY, validation_alias="SOVIA_MIRROR_AT")
    mirror_mb_per_second: int = Field(50, ge=0, validation_alias="SOVIA_MIRROR_MB_PER_SECOND")
    media_roots: Annotated[tuple[Path, ...], NoDecode] = Field((), validation_alias="MEDIA_ROOTS")
    watch_media_seconds: int = Field(120, ge=0, validation_alias="WATCH_MEDIA_SECONDS")
    fetch_hosts: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias="FETCH_HOSTS")
    fetch_stand_in: str = Field("", pattern=r"^(\d{1,3}(\.\d{1,3}){3}:\d{1,5})?$", validation_alias="FETCH_STAND_IN")
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")

    @field_validator("allowed_origins", "public_hosts", "media_roots", "fetch_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("media_roots")
    @classmethod
    def _all_absolute(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser().resolve() for path in value)

    @field_validator("mirror_folder", mode="before")
    @classmethod
    def _none_or_absolute(cls, value: object) -> object:
        return Path(str(value)).expanduser().resolve() if value and str(value).strip() else None

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def media_root(self) -> Path:
        """Where the media lie by their URL."""
        return self.home / "https_"

    @property
    def derived_root(self) -> Path:
        """Where thumbnails and previews lie; no host name starts with an underscore."""
        return self.media_root / "_derived"

    @property
    def archive_root(self) -> Path:
        """Where backups of the database lie."""
        return self.home / "archive"

    @property
    def import_root(self) -> Path:
        """Where exports are put that the server should take in by itself."""
        return self.home / "import"

    @property
    def state_root(self) -> Path:
        """Where the embedded database, uploads in progress and logs lie."""
        return self.home / ".sovia"

    @property
    def is_local_only(self) -> bool:
        """Whether the server listens on this machine alone."""
        return self.host in LOOPBACK


@cache
def current() -> Settings:
    """The settings of this process; read once."""
    return Settings()
