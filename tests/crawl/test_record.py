"""The demo newspaper's archive through everything that can befall a record: migration, kills, retention, forget, more editions."""

from __future__ import annotations

import lzma
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from conftest import environment
from killing import COMMAND_SECONDS, crawl_command, kill_group, query, run_to_the_end

from newsarchive.archive.verify import verify
from newsarchive.demo.server import DemoServer

FIRST = Path(__file__).parent.parent / "archives" / "first-version.db.xz"
"""Editions 1 and 2, as the program of the first schema version archived them."""
KILLS = (3, 40, 9)
"""Hits on the server, counted in each session, at which the crawl is killed; the first falls right after the migration."""


def newsarchive(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "newsarchive", *arguments], capture_output=True, text=True, timeout=COMMAND_SECONDS, env=environment(home)
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def crawl_and_kill(archive: Path, server: DemoServer, home: Path, hit: int) -> bool:
    """One session that is killed at the hit; whether it was."""
    seen = iter(range(1, hit + 1))
    running: list[subprocess.Popen[str]] = []

    def on_request(number: int, target: str) -> None:
        if next(seen, 0) == hit:
            kill_group(running[0])

    server.on_request = on_request
    running.append(
        subprocess.Popen(
            crawl_command(archive, server),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(home),
            start_new_session=True,
        )
    )
    code = running[0].wait(COMMAND_SECONDS)
    server.on_request = None
    return code == -signal.SIGKILL


def sound(archive: Path) -> bool:
    return [problem for problem in verify(archive).problems if problem.check != "leases"] == []


def test_the_demo_archive_is_sound_after_migration_kills_retention_forget_and_further_editions(tmp_path):
    archive = tmp_path / "archive.db"
    archive.write_bytes(lzma.decompress(FIRST.read_bytes()))
    with DemoServer(3) as server:
        for hit in KILLS:
            assert crawl_and_kill(archive, server, tmp_path, hit)
            assert sound(archive)
        run_to_the_end(archive, server, tmp_path)
    assert verify(archive).is_sound
    assert len(list(tmp_path.glob("archive.db.before-*-from-v1"))) == 1
    before = dict(query(archive, "SELECT url, title FROM article WHERE gone_at IS NULL AND missing_since IS NULL"))
    assert len(before) > 60

    newsarchive(tmp_path, "retention", "--max-size", "100KB", "--archive", str(archive))
    assert verify(archive).is_sound
    url = next(iter(before))
    newsarchive(tmp_path, "forget", str(url), "--yes", "--reason", "court order", "--archive", str(archive))
    newsarchive(tmp_path, "forget", "--where", "language = 'es'", "--yes", "--archive", str(archive))
    assert verify(archive).is_sound

    with DemoServer(1) as server:
        run_to_the_end(archive, server, tmp_path)
        requests = Counter(target for target, _ in server.requests)
    assert verify(archive).is_sound
    assert str(url).removeprefix("http://demo-news.example") not in requests
    assert query(archive, "SELECT count(*) FROM article WHERE language='es'") == [(0,)]
    newsarchive(tmp_path, "verify", "--archive", str(archive))
