"""One job of a night in a process of its own, so that whatever hangs can be ended: `python -m newsarchive.nightly.child`.

The job comes as a line of JSON on stdin; events go out as lines of JSON on what was stdout. The end of stdin means that the
parent is gone: the job is stopped as by a signal, so that a night whose head was killed does not go on without one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from newsarchive.errors import ExitCode, NewsArchiveError
from newsarchive.nightly.jobs import JOBS

Emit = Callable[[Mapping[str, Any]], None]


def main() -> int:
    """Do the job; returns 0 where it was done and its result, or why it failed, was told."""
    source, events = sys.stdin.buffer, _private_stdout()
    line = source.readline()
    if not line:
        return int(ExitCode.USAGE)
    job = json.loads(line)
    emit = _emitter(events)
    threading.Thread(target=_stop_without_parent, args=(source.fileno(),), daemon=True).start()
    try:
        emit({"result": JOBS[job["name"]](job["arguments"], emit)})
    except KeyboardInterrupt:
        emit({"error": {"code": int(ExitCode.INTERRUPTED), "message": "stopped"}})
    except NewsArchiveError as error:
        emit({"error": {"code": int(error.exit_code), "message": str(error)}})
    except Exception as error:  # noqa: BLE001 - the process's boundary: the parent tells the fault
        emit({"error": {"code": int(ExitCode.INTERNAL), "message": f"{type(error).__name__}: {error}"}})
    return 0


def _private_stdout() -> TextIO:
    """What was stdout, for events alone; whatever is printed goes to the error stream."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "w", encoding="utf-8", buffering=1)


def _emitter(events: TextIO) -> Emit:
    lock = threading.Lock()

    def emit(event: Mapping[str, Any]) -> None:
        with lock:
            try:
                events.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")
            except (BrokenPipeError, ValueError):
                return  # the parent is gone; the end of stdin stops the job

    return emit


def _stop_without_parent(source: int) -> None:
    while os.read(source, 4096):  # not through the buffer, whose lock would outlive the interpreter
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
