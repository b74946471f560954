"""`./run doctor`: how this installation is, and what to do about what is not well."""

import asyncio

from rich.markup import escape

from sovia.cli import console
from sovia.kit import settings as kit_settings
from sovia.kit.errors import SoviaError
from sovia.kit.settings import Settings
from sovia.ops import doctor
from sovia.ops.doctor import Finding
from sovia.ops.errors import InstallationUnwell
from sovia.ops.postgres import Lease


def command() -> None:
    """Look for what is missing or broken, and say what to do.

    Ends with 1 when something is broken that the product needs; what only its tests need does not count.
    """
    settings = kit_settings.current()
    lease, url = embedded(settings)
    try:
        findings = asyncio.run(show(settings, url))
    finally:
        if lease:
            lease.release()
    broken = sum(not finding.well and not finding.optional for finding in findings)
    if broken:
        raise InstallationUnwell(f"{broken} of {len(findings)} things need attention.")
    console.out.print("[green]✓[/green] Everything that 8xSovia needs is well.")


def embedded(settings: Settings) -> tuple[Lease | None, str]:
    """The database to look at; a complaint, and nothing behind the URL, when the embedded one does not start."""
    if settings.database_url:
        return None, settings.database_url
    try:
        lease = Lease(settings.home)
    except SoviaError as error:
        console.complain(escape(error.message))
        return None, "postgresql://nobody@127.0.0.1:1/none"
    return lease, lease.url


async def show(settings: Settings, url: str) -> list[Finding]:
    """Print each finding as it comes."""
    findings = []
    async for finding in doctor.examine(settings, url):
        findings.append(finding)
        mark = "[green]✓[/green]" if finding.well else "[yellow]·[/yellow]" if finding.optional else "[red]✗[/red]"
        console.out.print(f"{mark} {escape(finding.about):<20} {escape(finding.found)}", soft_wrap=True)
        if not finding.well:
            console.out.print(f"  → {escape(finding.advice)}", soft_wrap=True)
    return findings
