"""Running the web page until it is stopped."""

from __future__ import annotations

import errno
import signal
import socket
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import uvicorn

from newsarchive.errors import ConfigurationError
from newsarchive.serve.application import WebPage
from newsarchive.serve.guard import LOOPBACK

LAST_REQUESTS_SECONDS = 3
"""What is being answered when the server is stopped gets so long."""


def serve(
    path: Path, *, host: str, port: int, allowed: Sequence[str] = (), open_browser: bool = False, ready: Callable[[str], None] = print
) -> None:
    """Serve the archive at `path` until Ctrl-C or SIGTERM; `ready` gets the address once connections are taken. Port 0 takes a free one.

    Raises ConfigurationError where the port is taken or the host is none of this machine, and what `open_archive` raises.
    """
    listening = _listen(host, port)
    with closing(listening):
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listening.getsockname()[1]}/"
        page = WebPage(path, (*LOOPBACK, name, *allowed))
        try:
            ready(address)
            if open_browser:
                webbrowser.open(address)
            _run(page, listening)
        finally:
            page.close()


def _run(page: WebPage, listening: socket.socket) -> None:
    """Answer until the process is asked to stop, which is how a server ends, and no error."""
    config = uvicorn.Config(
        page.application, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=LAST_REQUESTS_SECONDS
    )
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        why = "the port is taken; give another one with --port, or --port 0 for any free one"
        if getattr(error, "errno", None) == errno.EACCES:
            why = "ports below 1024 are reserved; give another one with --port"
        elif getattr(error, "errno", None) != errno.EADDRINUSE:
            why = f"{error}; --host takes an address of this machine, such as 127.0.0.1"
        raise ConfigurationError(f"cannot listen at {host} port {port}: {why}") from None
    return listening
