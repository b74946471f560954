"""Structured logging to the error stream: readable text on a terminal, else one JSON object a line.

Importing this is enough to be safe: the library's own defaults would print the values of variables with every
exception, and those may hold a prompt or a key.
"""

import logging
import sys

import structlog


def configure(level: str = "INFO") -> None:
    """Set up logging for a process; safe to call twice."""
    _set_up(level)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that names its room."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(room=name)
    return bound


def _set_up(level: str) -> None:
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    lines = structlog.processors.JSONRenderer()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level.upper(), 20)),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([plain] if sys.stderr.isatty() else [structlog.processors.format_exc_info, lines]),
        ],
        # The stream is looked up with every line, so that one that was put in its place gets the rest.
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


_set_up("INFO")
