"""What can go wrong, each with the exit code it ends the command line with. Imports nothing."""


class LoyaltysimError(Exception):
    """Something a user has to know; its text is complete, so no traceback is shown."""

    exit_code = 5


class ScenarioError(LoyaltysimError):
    """A scenario file that cannot be read or does not make sense; the text lists all of its faults."""

    exit_code = 2


class UsageError(LoyaltysimError):
    """A request that contradicts itself or names what does not exist."""

    exit_code = 2


class RefusedError(LoyaltysimError):
    """A run declined before it starts because this machine lacks the memory, disk or time for it."""

    exit_code = 3


class StorageError(LoyaltysimError):
    """Results that could not be written, or that were changed after they were written."""

    exit_code = 4


class InvariantError(LoyaltysimError):
    """The simulator caught itself breaking one of its own laws; its numbers are not to be used."""

    exit_code = 5
