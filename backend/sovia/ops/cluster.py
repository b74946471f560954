"""Where the embedded database of an installation lies, and how a new one is made and started."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sovia.kit import processes
from sovia.ops.binaries import Binaries
from sovia.ops.errors import DatabaseDidNotStart

OWNER = DATABASE = "sovia"
SOCKET = ".s.PGSQL.5432"
# The kernel takes 107 bytes for a socket's whole path.
LONGEST_SOCKET_PATH = 100
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+-]+")
# A laptop's share of memory; nothing here trades safety for speed.
TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    # Nobody copies this server's log; so what fills a new table, as a restore does, need not be written twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "cluster_name": OWNER,
}
# Who may connect: the account that runs the database, through the socket, recognised by the kernel. Nobody else.
ACCESS = f"local all {OWNER} peer map=here\n"
FIRST_COMMANDS = f"create database {DATABASE}\n"


@dataclass(frozen=True)
class Cluster:
    """The places of one installation's database; `home` is SOVIA_HOME."""

    home: Path

    @property
    def root(self) -> Path:
        """Everything of the database; readable by its owner only."""
        return self.home / ".sovia" / "postgres"

    @property
    def log(self) -> Path:
        """What the keeper and PostgreSQL say."""
        return self.home / ".sovia" / "log" / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the database; the keeper waits for the last to let go."""
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the one process that starts the keeper."""
        return self.root / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives."""
        return self.root / "keeper.lock"

    @property
    def sockets(self) -> Path:
        """The socket's folder: inside the installation, or a short one elsewhere when that path is long or odd."""
        inside = self.root / "run"
        # Odd characters would have to be quoted in URLs and settings, by everyone, each in its own way.
        if len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path("/tmp") / f"sovia-{os.geteuid()}-{digest}"  # noqa: S108 (made 0700 and checked, see make_private)

    @property
    def url(self) -> str:
        """How programs of this installation reach the database."""
        return f"postgresql+asyncpg://{OWNER}@/{DATABASE}?host={self.sockets}"

    @property
    def programs(self) -> Path:
        """Copies of the programs that made the data, by their version."""
        return self.root / "programs"

    @property
    def upgrading(self) -> Path:
        """Where an upgrade is prepared; whatever lies there is of one that was interrupted."""
        return self.root / "upgrading"

    def before(self, major: int) -> Path:
        """The data as they were before an upgrade, kept for a while."""
        return self.root / f"{major}.before"

    def data(self, major: int) -> Path:
        """The data of one major version of PostgreSQL."""
        return self.root / str(major)


@dataclass(frozen=True)
class Account:
    """As whom PostgreSQL runs, and by what name it then knows the programs that connect."""

    client: str
    as_nobody: bool = False


def account_for(binaries: Binaries) -> Account:
    """PostgreSQL refuses root (and users without a name): those run it inside a user namespace, others plainly."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        name = ""
    if name and os.geteuid() != 0:
        return Account(name)
    code, _ = processes.run([binaries.folder / "postgres", "--version"], as_nobody=True)
    if code != 0:
        raise DatabaseDidNotStart(
            "This system lets root make no user namespace, and PostgreSQL refuses to run as root. "
            "Start as an ordinary user, or name your own server in DATABASE_URL."
        )
    return Account("nobody", as_nobody=True)


def make_private(folder: Path) -> None:
    """Make a folder that only we may enter; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise DatabaseDidNotStart(f"The folder {folder.name} for the database's socket belongs to somebody else.")
    folder.chmod(0o700)


def make(cluster: Cluster, binaries: Binaries, account: Account) -> Path:
    """The data folder, made first if there is none; a half-made one never counts."""
    data = cluster.data(binaries.major)
    if (data / "PG_VERSION").is_file():
        data.chmod(0o700)
        return data
    _refuse_other_versions(cluster, binaries.major)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=cluster.root))
    try:
        initialise(fresh, binaries, account)
        create_database(fresh, binaries, account)
        fresh.rename(data)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return data


def initialise(data: Path, binaries: Binaries, account: Account) -> None:
    """Fill a folder with a database server's first data."""
    _run([binaries.folder / "initdb", "-D", data, *_initdb_options(binaries.major)], account)


def create_database(data: Path, binaries: Binaries, account: Account) -> None:
    """Make our database in data that no server uses."""
    _run([binaries.folder / "postgres", "--single", "-D", data, "template1"], account, FIRST_COMMANDS)


def older(cluster: Cluster, major: int) -> int | None:
    """The version of data to upgrade: there are older ones, and none of this version."""
    if (cluster.data(major) / "PG_VERSION").is_file():
        return None
    return max((found for found in versions(cluster) if found < major), default=None)


def versions(cluster: Cluster) -> list[int]:
    """The versions of which there are data."""
    names = (path.parent.name for path in cluster.root.glob("[0-9]*/PG_VERSION"))
    return sorted(int(name) for name in names if name.isdecimal())


def put_aside_older(cluster: Cluster, major: int) -> None:
    """Give data of earlier versions another name, once there are some of this version."""
    for found in versions(cluster):
        if found < major:
            aside = cluster.before(found)
            shutil.rmtree(aside, ignore_errors=True)
            cluster.data(found).rename(aside)
            # From now on they are kept for a while.
            os.utime(aside)


def server_command(cluster: Cluster, binaries: Binaries, data: Path, account: Account) -> list[str]:
    """Write who may connect, and say how to start the server."""
    (data / "pg_hba.conf").write_text(ACCESS)
    (data / "pg_ident.conf").write_text(f"here {account.client} {OWNER}\n")
    settings = {**TUNING, "unix_socket_directories": str(cluster.sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(binaries.folder / "postgres"), "-D", str(data), *options]


def processes_in(data: Path) -> Iterator[int]:
    """The processes of whatever server uses this data folder: each has it as its working folder."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == data:
                yield int(entry.name)
        except OSError:
            continue


def _initdb_options(major: int) -> list[str]:
    options = ["-U", OWNER, "-E", "UTF8", "--auth=reject", "--data-checksums", "--no-instructions"]
    if major >= 17:
        return [*options, "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C.UTF-8"]


def _refuse_other_versions(cluster: Cluster, major: int) -> None:
    others = versions(cluster)
    if others and others[-1] > major:
        raise DatabaseDidNotStart(
            f"The database here was made by PostgreSQL {others[-1]}, which is later than this one, {major}. "
            f"Go back to the version of 8xSovia that was here; nothing was changed."
        )
    if others:
        raise DatabaseDidNotStart(
            f"The database here was made by PostgreSQL {others[-1]}, this is {major}, and the programs that can read "
            f"it are not here any more. Install PostgreSQL {others[-1]}, then start again; nothing was changed."
        )


def _run(argv: list[str | Path], account: Account, text: str = "") -> None:
    code, said = processes.run(argv, as_nobody=account.as_nobody, text=text)
    if code != 0:
        last = said.strip().splitlines()[-1:] or ["it said nothing"]
        raise DatabaseDidNotStart(f"The database could not be made: {last[0]}", said=said)
