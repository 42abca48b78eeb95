"""A worker whose pages misbehave on command, run by path instead of `-m newsarchive.workers`. Loop, limits and frames are the real ones."""

import os
import signal
import sys
from pathlib import Path

from newsarchive.workers import process
from newsarchive.workers.job import Job, Result, perform


def misbehave(job: Job) -> Result:
    """The path of the page's address says what happens."""
    word, _, argument = job.page.url.rpartition("/")[2].partition("-")
    if word == "hang":
        while True:
            pass
    if word == "bomb":
        hoard = [b"x" * 1_000_000]
        while True:
            hoard.append(b"y" * (1_000_000 + len(hoard)))
    if word == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "crashonce":
        mark = Path(argument)
        if not mark.exists():
            mark.touch()
            print("about to fail for the first time", file=sys.stderr, flush=True)
            os._exit(3)
    if word == "garbage":
        os.write(TARGET, b"HTTP/1.1 200 OK\r\n" + b"garbage" * 100)
        signal.pause()
    if word == "chatter":
        print("noise on stdout")
        os.write(1, b"more noise\n" * 1000)
    if word == "raise":
        raise KeyError("no such thing")
    return perform(job)


if __name__ == "__main__":
    process.perform = misbehave
    keep = process._private_pipes

    def private_pipes():
        global TARGET
        source, target = keep()
        TARGET = target.fileno()
        return source, target

    process._private_pipes = private_pipes
    process._warm_up = lambda: None
    sys.exit(process.main(sys.argv[1:]))
