"""`newsarchive serve`: the archive in a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newsarchive.cli.terminal import say
from newsarchive.errors import ConfigurationError

DEFAULT_PORT = 8765
"""Rarely taken by other programs."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Addresses that only this machine reaches."""


@click.command("serve", short_help="Show the archive in a browser.")
@click.argument("archive", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address of this machine to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, metavar="N", help="0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="NAME", help="Answer under this name as well (Host header). Can be repeated."
)
def command(archive: Path | None, host: str, port: int, open_browser: bool, allowed: tuple[str, ...]) -> None:
    """Serve the archive as a web page on this machine, for reading, searching, comparing and seeing. It writes nothing and loads nothing.

    Only this machine is answered, under its own names. Whoever can reach the page can read the whole archive: for others, put a
    web server with passwords in front of it and name it with --allow-host.

    \b
    Examples:
      newsarchive serve
      newsarchive serve /srv/news.db --open
      newsarchive serve --port 8080 --allow-host archive.example.org
    """
    from newsarchive.locations import checkout, default_archive

    try:
        from newsarchive.serve.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("datasette", "uvicorn"):
            raise
        how = "pip install 'newsarchive[serve]'" if checkout() is None else f"{sys.executable} -m pip install 'datasette>=0.65,<1.0'"
        raise ConfigurationError(f"the web page needs Datasette, which is not installed: {how}") from None
    path = archive or default_archive()
    serve(path, host=host, port=port, allowed=allowed, open_browser=open_browser, ready=lambda address: _say(address, path, host))


def _say(address: str, path: Path, host: str) -> None:
    say(f"{path} is at {address}  (Ctrl-C stops)")
    if host not in LOOPBACK:
        say("Other machines can ask for it there, under the names given with --allow-host; whoever does can read all of it.", error=True)
