"""What can go wrong while the house is kept running."""

from sovia.kit.errors import SoviaError


class NoDatabaseServer(SoviaError):
    """There are no PostgreSQL programs for this platform."""

    status = 503
    code = "no_database_server"


class DatabaseDidNotStart(SoviaError):
    """The embedded PostgreSQL could not be made or started."""

    status = 503
    code = "database_did_not_start"


class PortTaken(SoviaError):
    """Another program listens on the port."""

    status = 409
    code = "port_taken"


class NeedsPassword(SoviaError):
    """The server would be reachable from other machines without a password."""

    status = 403
    code = "needs_password"


class PartDidNotStart(SoviaError):
    """The web server or the worker ended while it was starting."""

    status = 503
    code = "part_did_not_start"


class InstallationUnwell(SoviaError):
    """Something that the product needs is missing or broken."""

    status = 503
    code = "installation_unwell"
