"""Serve the demo newspaper by hand: `python -m newsarchive.demo --port 8080 --edition 2`."""

from __future__ import annotations

import argparse
import sys

from newsarchive.demo.server import DemoServer


def main() -> int:
    """Serve until Ctrl-C; 0 at the end."""
    parser = argparse.ArgumentParser(prog="python -m newsarchive.demo", description="Serve the demo newspaper on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8000, help="TCP port; 0 picks a free one (default: 8000)")
    parser.add_argument("--edition", type=int, default=1, help="edition to serve, from 1 (default: 1)")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer (default: 0)")
    wanted = parser.parse_args()
    with DemoServer(wanted.edition, wanted.port, slow=wanted.slow) as demo:
        sys.stdout.write(f"http://127.0.0.1:{demo.port}/ serves edition {demo.edition}; Ctrl-C ends it.\n")
        sys.stdout.write(f"To crawl it: newsarchive crawl {demo.origin} --connect-to {demo.connect_to} --allow-address {demo.address}\n")
        sys.stdout.flush()
        try:
            demo.wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
