"""Errors a user can act on: each message names the file, the line, the text seen, and what to do."""


class PolicyKgError(Exception):
    """Base of every error this package raises on purpose; the command line prints its message and nothing else."""


class SourceError(PolicyKgError):
    """An input file that cannot be read as text."""


class TableError(PolicyKgError):
    """A table in `kg/data` that breaks its own rules; names file and line."""


class GraphError(PolicyKgError):
    """A graph directory that is missing, not a graph, or in use."""


class UsageError(PolicyKgError):
    """The command was asked for something it cannot do; nothing was done."""
