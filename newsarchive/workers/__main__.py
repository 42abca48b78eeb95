"""`python -m newsarchive.workers`: one worker, started by the pool."""

from __future__ import annotations

import sys

from newsarchive.workers.process import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
