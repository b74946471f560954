"""Runs the command line: `python -m sovia`."""

from sovia.cli.main import main

main()
