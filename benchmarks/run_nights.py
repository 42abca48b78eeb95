"""Simulated nights, one after another, by the command a scheduler starts: does a month of them crash, hang, lose a URL or grow?

    python benchmarks/run_nights.py [--nights 30] [--sites 30] [--json FILE] [--keep FOLDER]

With --keep the folder stays, and a later call with it goes on with the nights that are missing.

One site in ten is hostile (night_hosts.py: slow loris, endless bodies, bombs, redirect loops, broken TLS and HTTP, robots.txt that
hangs, pages made to freeze a parser). A night takes seconds: time-outs and pauses between tries are shortened in the processes of
the night (TIMES), and after each night everything that waits is a day nearer. Each process of a night notes the largest memory it
ever took (ru_maxrss), its children apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from night_hosts import NEW_ARTICLES, NightServer

from newsarchive.urls import normalise

NIGHT_SECONDS = 90
"""Seconds after which a night hangs: it is killed and counted. A usual one takes 6 to 12."""
GOOD_CODES = frozenset({0, 3, 19})
"""Exit codes of a night among hostile hosts: all well, some sites gave nothing, an alarm."""
FIRST_JUDGED = 4
"""Night from which memory is judged: until then the archive has little in it, and every kind of malice has to come round once."""

TIMES = {
    "newsarchive.settings": {"DOWNLOAD_TIMEOUT": 1.5},
    "newsarchive.crawl.spider": {"RETRY_SECONDS": (0.1, 0.3)},
    "newsarchive.crawl.robots": {"ROBOTS_RETRY_SECONDS": 3.0},
}
"""Module -> what is shortened in it, in the processes of the night alone."""

_SITECUSTOMIZE = """
import atexit, importlib.abc, importlib.machinery, os, resource, sys

TIMES = {times!r}

class Shorten(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name not in TIMES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            execute = spec.loader.exec_module
            def exec_module(module):
                execute(module)
                vars(module).update(TIMES.pop(name))
            spec.loader.exec_module = exec_module
        return spec

def note():
    own, below = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    with open(os.environ["NIGHT_MEMORY"], "a") as file:
        file.write(f"{{' '.join(sys.orig_argv[1:4])}}\\t{{own}}\\t{{below}}\\n")

sys.meta_path.insert(0, Shorten())
atexit.register(note)
"""


@dataclass
class Night:
    """What came of one night."""

    number: int
    code: int
    seconds: float
    requests: int
    outcomes: dict[str, int]
    crawl_kib: int
    """Largest memory of the crawl's process."""
    reader_kib: int
    """Largest memory of a process that reads pages."""
    other_kib: int
    """Largest memory of another process of the night."""
    archive_kib: int
    late_articles: int = 0
    """Articles of the papers that are not in the archive. On a busy machine the short time-outs put some off to the next night."""
    without_outcome: list[str] = field(default_factory=list)
    """Addresses that a server saw, or that the run knew, and that have no verdict."""
    faults: list[str] = field(default_factory=list)
    """Anything else that must not be."""


class Nights:
    """A folder with sites, an archive and the small web."""

    def __init__(self, folder: Path, sites: int) -> None:
        self.folder, self.archive, self.memory = folder, folder / "archive.db", folder / "memory.tsv"
        self.server = NightServer(sites - max(sites // 10, 1), max(sites // 10, 1))
        (folder / "sites").mkdir(exist_ok=True)
        for host in self.server.hosts:
            profile = f'domains = ["{host}"]\nstart = ["http://{host}/"]\nschedule = "1d"\nrevisit = ["1d", "30d"]\n'
            (folder / "sites" / f"{host.replace('.', '-')}.toml").write_text(profile)
        (folder / "nightly.toml").write_text('time_limit = "60s"\nmin_free_disk = "10MB"\n')
        (folder / "python").mkdir(exist_ok=True)
        (folder / "python" / "sitecustomize.py").write_text(_SITECUSTOMIZE.format(times=TIMES))

    def night(self, number: int) -> Night:
        """One night."""
        self.server.begin(number)
        self.memory.write_text("")
        command = [sys.executable, "-m", "newsarchive", "run", "--archive", str(self.archive), "--sites", str(self.folder / "sites")]
        command += ["--config", str(self.folder / "nightly.toml"), "--delay", "0", "--json", "--quiet"]
        command += [piece for place in self.server.connect_to for piece in ("--connect-to", place)]
        began = time.monotonic()
        code, _, err = self._watched(command)
        self.server.hang_up()
        night = Night(number, code, round(time.monotonic() - began, 2), self.server.requests, {}, *self._memory(), 0)
        night.faults += [f"exit code {code}"] if code not in GOOD_CODES else []
        night.faults += [f"said {line[:200]!r}" for line in err.splitlines() if "Traceback" in line or "fault of newsarchive" in line]
        if self.archive.exists():
            self._account(night)
            self._next_day()
        return night

    def _watched(self, command: list[str]) -> tuple[int, str, str]:
        paths = [str(self.folder / "python"), str(Path(__file__).resolve().parents[1])]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "NIGHT_MEMORY": str(self.memory), "HOME": str(self.folder)}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
        ) as process:
            try:
                out, err = process.communicate(timeout=NIGHT_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                return -9, out, f"{err}\nhung for {NIGHT_SECONDS} s"
        return process.returncode, out, err

    def _memory(self) -> tuple[int, int, int]:
        """Largest memory (KiB) of the crawl's process, of a reading process, of any other."""
        rows = [line.split("\t") for line in self.memory.read_text().splitlines()]
        children = [(int(own), int(below)) for name, own, below in rows if "newsarchive.nightly.child" in name]
        crawl = max(children, key=lambda pair: pair[1], default=(0, 0))  # the one whose children are the readers
        others = [int(own) for name, own, below in rows if (int(own), int(below)) != crawl and "worker" not in name]
        return crawl[0], crawl[1], max(others, default=0)

    def _account(self, night: Night) -> None:
        """Compare what the servers saw with what the archive says."""
        with sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True) as connection:
            run = connection.execute("SELECT max(id) FROM run").fetchone()[0]
            decided = dict(connection.execute("SELECT url, outcome FROM outcome WHERE run_id=?", (run,)))
            waiting = [row[0] for row in connection.execute("SELECT url FROM frontier WHERE run_id=? AND state!='done'", (run,))]
            faults = connection.execute("SELECT url, detail FROM outcome WHERE run_id=? AND outcome='error'", (run,)).fetchall()
            damage = connection.execute("PRAGMA quick_check").fetchone()[0]
            stored = connection.execute("SELECT count(*) FROM article WHERE source_url LIKE 'http://paper-%'").fetchone()[0]
        connection.close()
        papers = len(self.server.papers) * NEW_ARTICLES
        night.late_articles = papers * night.number - stored
        night.faults += [f"{night.late_articles - papers} articles of earlier nights are missing"] if night.late_articles > papers else []
        seen = {normalise(url) for url in self.server.seen}
        night.without_outcome = sorted((seen - decided.keys()) | set(waiting))
        night.outcomes = dict(Counter(decided.values()))
        night.archive_kib = self.archive.stat().st_size // 1024
        night.faults += [f"error at {url}: {detail}" for url, detail in faults if "redirect" not in detail]  # loops have that verdict
        night.faults += [f"the archive: {damage}"] if damage != "ok" else []

    def _next_day(self) -> None:
        """Everything that waits is a day nearer."""
        with sqlite3.connect(self.archive) as connection:
            for table in ("frontier", "source"):
                connection.execute(f"UPDATE {table} SET next_due_at=strftime('%Y-%m-%dT%H:%M:%SZ', next_due_at, '-1 day')")
        connection.close()


def slope(values: list[int]) -> tuple[float, float, float]:
    """Theil-Sen slope (units a night) with a 95 % interval from 2,000 resamplings of the nights: one odd night moves it little."""
    chance = random.Random(7)
    points = list(enumerate(values))
    found = sorted(_theil_sen([points[chance.randrange(len(points))] for _ in points]) for _ in range(2000))
    return _theil_sen(points), found[50], found[-51]


def _theil_sen(points: list[tuple[int, int]]) -> float:
    slopes = [(y2 - y1) / (x2 - x1) for place, (x1, y1) in enumerate(points) for x2, y2 in points[place + 1 :] if x1 != x2]
    return median(slopes) if slopes else 0.0


def figures(nights: list[Night]) -> dict[str, object]:
    """What is printed at the end."""
    judged = nights[FIRST_JUDGED - 1 :]
    memory = {}
    for name in ("crawl_kib", "reader_kib", "other_kib"):
        values = [getattr(night, name) for night in judged]
        rise, low, high = slope(values) if len(values) > 2 else (0.0, 0.0, 0.0)
        memory[name] = {
            "median_mib": round(median(values or [0]) / 1024, 1),
            "highest_mib": round(max(values or [0]) / 1024, 1),
            "slope_kib_a_night": round(rise, 1),
            "interval": [round(low, 1), round(high, 1)],
        }
    return {
        "nights": len(nights),
        "crashes": sum(night.code not in GOOD_CODES and night.code != -9 for night in nights),
        "hangs": sum(night.code == -9 for night in nights),
        "without_outcome": sum(len(night.without_outcome) for night in nights),
        "late_articles": nights[-1].late_articles,
        "faults": [fault for night in nights for fault in night.faults],
        "requests": sum(night.requests for night in nights),
        "outcomes": dict(sum((Counter(night.outcomes) for night in nights), Counter()).most_common()),
        "codes": dict(Counter(night.code for night in nights)),
        "seconds": {"median": median(night.seconds for night in nights), "highest": max(night.seconds for night in nights)},
        "archive_mib": round(nights[-1].archive_kib / 1024, 1),
        "memory": memory,
    }


def main() -> int:
    """Run the nights, print a line for each and the figures; 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--sites", type=int, default=30)
    parser.add_argument("--json", type=Path, help="write every night there")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="nights-"))
    folder.mkdir(exist_ok=True)
    record = folder / "nights.json"
    nights = [Night(**night) for night in json.loads(record.read_text())] if record.exists() else []
    try:
        work = Nights(folder, options.sites)
        with work.server:
            for number in range(len(nights) + 1, options.nights + 1):
                night = work.night(number)
                nights.append(night)
                record.write_text(json.dumps([asdict(night) for night in nights]))
                odd = f"  {night.without_outcome[:3]} {night.faults[:3]}" if night.without_outcome or night.faults else ""
                print(
                    f"night {number:2}: code {night.code:2}, {night.seconds:5.1f} s, {night.requests:4} requests, "
                    f"crawl {night.crawl_kib / 1024:5.1f} MiB, reader {night.reader_kib / 1024:5.1f} MiB, "
                    f"archive {night.archive_kib / 1024:5.1f} MiB{odd}",
                    flush=True,
                )
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    found = figures(nights)
    print(json.dumps(found, indent=2))
    if options.json:
        options.json.write_text(json.dumps({"figures": found, "nights": [asdict(night) for night in nights]}, indent=2))
    return int(bool(found["crashes"] or found["hangs"] or found["without_outcome"] or found["faults"]))


if __name__ == "__main__":
    sys.exit(main())
