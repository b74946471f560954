"""What the commands say: answers to the output stream, news and complaints to the error stream."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    """Say in one line what is wrong."""
    err.print(f"[red]✗[/red] {message}", soft_wrap=True)


def tell(message: str) -> None:
    """Say what is going on."""
    err.print(f"[dim]·[/dim] {message}", soft_wrap=True)


def progress_bar() -> Progress:
    """A bar for work that is counted in things."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def bytes_bar() -> Progress:
    """A bar for a file that is read."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
        console=err,
    )
