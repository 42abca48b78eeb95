"""Run newsarchive and SIGKILL the process in the middle of, or right after, its N-th transaction.

    commit_killer.py N before|after NEWSARCHIVE_ARGUMENTS...

`before` falls between the last statement and COMMIT, `after` right behind COMMIT, before anyone is told.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsarchive.archive import connection as archive_connection


def arm(number: int, when: str) -> None:
    real = archive_connection.transaction
    count = 0

    @contextmanager
    def counted(connection: Any) -> Iterator[Any]:
        nonlocal count
        count += 1
        is_the_one = count == number
        with real(connection) as inner:
            yield inner
            if is_the_one and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if is_the_one:
            os.kill(os.getpid(), signal.SIGKILL)

    for module in list(sys.modules.values()):
        if getattr(module, "transaction", None) is real:
            module.transaction = counted  # type: ignore[attr-defined]


if __name__ == "__main__":
    number, when = int(sys.argv[1]), sys.argv[2]
    sys.argv = ["newsarchive", *sys.argv[3:]]
    import newsarchive.archive.frontier
    import newsarchive.archive.store  # noqa: F401

    arm(number, when)
    from newsarchive.cli.main import main

    sys.exit(main())
