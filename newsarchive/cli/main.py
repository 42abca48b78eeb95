"""The command `newsarchive`: finds the command's file, runs it, and turns every error into a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from newsarchive.cli.terminal import complain, silence
from newsarchive.errors import ExitCode, NewsArchiveError, SiteProfileError
from newsarchive.version import __version__

COMMANDS = (
    "crawl",
    "run",
    "runs",
    "status",
    "health",
    "schedule",
    "extract",
    "show",
    "search",
    "count",
    "export",
    "dataset",
    "discover",
    "coverage",
    "sites",
    "diff",
    "changes",
    "syndication",
    "teasers",
    "promoted",
    "raw",
    "stats",
    "verify",
    "backup",
    "share",
    "merge",
    "reextract",
    "import",
    "warc",
    "retention",
    "forget",
    "serve",
    "notify",
    "doctor",
)
"""Names of the commands in the order of the help; `newsarchive.cli.NAME` holds the function `command`."""

MODULES = {"import": "take_in"}
"""Commands whose name no module can have."""

OS_ERRORS = {
    errno.ENOSPC: (ExitCode.DISK_FULL, "no space is left on the disk; free some and run the command again"),
    errno.EDQUOT: (ExitCode.DISK_FULL, "the disk quota is used up; free some space and run the command again"),
    errno.EROFS: (ExitCode.READ_ONLY, "that place is read-only; name another one, for the archive with --archive"),
    errno.EACCES: (ExitCode.READ_ONLY, "permission denied; name another place, for the archive with --archive"),
    errno.EPERM: (ExitCode.READ_ONLY, "permission denied; name another place, for the archive with --archive"),
    errno.ENOTDIR: (ExitCode.READ_ONLY, "a part of that path is a file, not a folder; name another place"),
    errno.EEXIST: (ExitCode.READ_ONLY, "that is a file where a folder is needed; name another place"),
    errno.ENAMETOOLONG: (ExitCode.READ_ONLY, "that name is too long for the disk; give a shorter one"),
    errno.ELOOP: (ExitCode.READ_ONLY, "that is a link that leads back to itself; name another place"),
    errno.EIO: (ExitCode.READ_ONLY, "the disk reports an error; name another place, for the archive with --archive"),
}
"""What the system can say no to wherever a file is touched: exit code and sentence."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"newsarchive.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, with a hint where an address or a near name was typed in the place of the command."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(_unknown(name))
        return super().resolve_command(ctx, args)


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    if "://" in name:
        return f"{name!r} is no command; to crawl it: newsarchive crawl {name}"
    near = get_close_matches(name, COMMANDS, n=1)
    return f"{name!r} is no command" + (f", did you mean {near[0]!r}?" if near else f"; there are {', '.join(COMMANDS)}.")


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 2 wrong arguments, 3 to 20 see docs/reference/exit-codes.md, 130 stopped with Ctrl-C.",
)
@click.version_option(__version__, "--version", prog_name="newsarchive", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show faults of the program with their traceback.")
@click.pass_context
def group(ctx: click.Context, debug: bool) -> None:
    """Crawl news sites into one SQLite archive: clean articles, related teasers, every revision.

    \b
    Try it on the demo newspaper that comes with the program:
      newsarchive crawl --demo
      newsarchive search harbour
    """
    ctx.obj = {"debug": debug}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no error leaves this function, unless a traceback was asked for."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    show_traceback = "--debug" in given[:1] or os.environ.get("NEWSARCHIVE_DEBUG", "") not in ("", "0")
    try:
        result = _invoke(given)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        return ExitCode.OK
    except (KeyboardInterrupt, click.Abort):
        complain("stopped")
        return ExitCode.INTERRUPTED
    except Exception as error:  # the program's outermost boundary: every fault becomes a sentence and a code
        if show_traceback and not isinstance(error, click.ClickException):
            raise
        return _report(error)
    return int(result) if isinstance(result, int) else ExitCode.OK


def _invoke(given: list[str]) -> object:
    """Run the command and return what it returned. Not through `group.main`, which swallows closed pipes and ends with 1."""
    if "_NEWSARCHIVE_COMPLETE" in os.environ:
        return group.main(args=given, prog_name="newsarchive")
    try:
        with group.make_context("newsarchive", given) as context:
            return group.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code


def _report(error: Exception) -> int:
    """Say what went wrong in one sentence on the error stream; returns the exit code."""
    if isinstance(error, click.UsageError):
        error.show()
        return ExitCode.USAGE
    if isinstance(error, click.ClickException):
        complain(error.format_message())
        return error.exit_code
    if isinstance(error, SiteProfileError):
        for problem in error.problems:
            complain(str(problem))
        return error.exit_code
    if isinstance(error, NewsArchiveError):
        complain(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.errno in OS_ERRORS:
        code, sentence = OS_ERRORS[error.errno]
        complain(f"{error.filename}: {sentence}" if error.filename else sentence)
        return code
    complain(
        f"a fault of newsarchive itself ({type(error).__name__}: {error}); run it again with NEWSARCHIVE_DEBUG=1 and report what it prints"
    )
    return ExitCode.INTERNAL
