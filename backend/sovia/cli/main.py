"""The command line: finds the command, and turns whatever goes wrong into one clear line and an exit code."""

import sys
import traceback
from importlib import import_module
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.markup import escape

from sovia.cli import console
from sovia.kit import clock, settings
from sovia.kit.errors import SoviaError

DONE, FAILED, WRONG_USE = 0, 1, 2
ABOUT = "8xSovia: the gallery and archive of your AI pictures and clips, on your own machine."
# Name, and what the list of commands says; the module sovia.cli.<name> has the function `command`.
COMMANDS = {
    "serve": "Start everything and print the address (the same as no command at all).",
    "work": "Only work on jobs: thumbnails, hashes, imports of other processes.",
    "import": "Take in exports: posts, prompts, likes, and the files they name.",
    "backup": "Write the database down in archive/, and prove it by restoring a copy.",
    "backups": "List the backups, and whether they are known to be good.",
    "restore": "Put a backup in the place of the library that is here.",
    "verify": "Read every file and compare it with what it was.",
    "mirror": "Copy the media to a second folder or a bucket, and prove them there.",
    "export": "Give the library out: as JSON, as a folder, or as a zip.",
    "fetch": "Bring home the files that posts name and that are not here.",
    "doctor": "Look for what is missing or broken, and say what to do.",
    "demo": "Fill a library of its own with pictures and clips made by code, and start it.",
    "migrate": "Bring the database to the tables of this version.",
    "test": "Run every test and check of the project.",
}
HIDDEN = {
    "web": "Only answer requests, as a part of `serve`.",
    "alive": "End with 0 when the server, or the worker, of this machine works; for health checks.",
}
MODULES = {"import": "imports"}


def build(wanted: str) -> typer.Typer:
    """The commands, with only the wanted one loaded: the others are names in a list."""
    app = typer.Typer(help=ABOUT, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
    for name, about in {**COMMANDS, **HIDDEN}.items():
        module = import_module(f"sovia.cli.{MODULES.get(name, name)}") if name == wanted else None
        function = module.command if module else _only_a_name
        app.command(name, help=None if module else about, hidden=name in HIDDEN)(function)
    # One command alone would lose its name.
    app.callback()(_only_a_name)
    return app


def main() -> NoReturn:
    """Run the command in the program's arguments; exits with 0 (done), 1 (failed) or 2 (wrong use)."""
    arguments = sys.argv[1:] or ["serve"]
    if arguments[0].startswith("-") and arguments[0] not in ("--help", "-h"):
        arguments = ["serve", *arguments]
    sys.exit(run(["--help" if arguments[0] == "-h" else arguments[0], *arguments[1:]]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        build(arguments[0])(arguments, prog_name="./run")
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else FAILED
    except KeyboardInterrupt:
        console.complain("Stopped.")
        return FAILED
    except SoviaError as error:
        console.complain(escape(error.message))
        return FAILED
    except ValidationError as error:
        console.complain(escape(wrong_setting(error)))
        return WRONG_USE
    except Exception:
        # The outermost function of the command line is one of the two places that may catch everything.
        console.complain(f"Something went wrong inside the program{_written_down()}.")
        return FAILED
    return DONE


def wrong_setting(error: ValidationError) -> str:
    """Which settings can not be right, and why."""
    wrong = "; ".join(
        f"{problem['loc'][0]}: {problem['msg'][:1].lower()}{problem['msg'][1:]}" for problem in error.errors()
    )
    return f"A setting can not be right: {wrong}."


def _written_down() -> str:
    try:
        log = settings.current().state_root / "log" / "cli.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as lines:
            lines.write(f"{clock.now():%Y-%m-%d %H:%M:%S} {traceback.format_exc()}\n")
    except (OSError, ValidationError):
        return ", and its log could not be written"
    return "; the file .sovia/log/cli.log has the details"


def _only_a_name() -> None:
    """Stand for a command that is not loaded."""
