"""Deletion and retention that are killed: all or nothing is deleted, and no word of what was deleted stays for long."""

from __future__ import annotations

import os
import signal

import pytest
from archive_crawl import BreakingConnection
from archive_samples import Clock
from test_archive_record import REQUEST, SECRET, everywhere, pages_of_a_site, secret_archive

from newsarchive.archive import wiping
from newsarchive.archive.copies import share
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.forget import addresses_of, forget
from newsarchive.archive.retention import purge_raw
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(path, at, work):
    """Open the archive and do `work` in a process that kills itself at its `at`-th statement. Returns whether it lived to the end."""
    child = os.fork()
    if child == 0:
        with Store(path, clock=Clock()) as store:
            store._connection = BreakingConnection(store._connection, at, kill)
            work(store)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status)


def test_a_kill_at_any_statement_of_forget_leaves_all_or_nothing_of_the_words(tmp_path):
    partly = done = at = 0
    while not done:
        at += 1
        folder = tmp_path / str(at)
        folder.mkdir()
        path, clock = folder / "a.db", Clock()
        with Store(path, clock=clock) as store:
            address = secret_archive(store, clock)
        held = list(canonical_dump(path))
        done = in_a_child(path, at, lambda store, address=address: forget(store, addresses_of(store, address), REQUEST))
        with Store(path):
            pass  # any program that writes: it wipes what was left
        assert verify(path).is_sound
        if list(canonical_dump(path)) != held:
            partly += not done
            assert SECRET.lower().encode() not in everywhere(folder).lower(), f"words are left after a kill at statement {at}"
    assert at > 30
    assert partly >= 5, "no kill fell between the deletion and the wiping"


def test_until_the_words_are_wiped_verify_says_so_and_no_copy_has_them(tmp_path):
    path, clock = tmp_path / "a.db", Clock()
    with Store(path, clock=clock) as store:
        address = secret_archive(store, clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsarchive.archive.forget.wipe", lambda connection: False)
        with Store(path) as store:
            assert not forget(store, addresses_of(store, address), REQUEST).is_log_clear
    assert [problem.check for problem in verify(path).problems] == ["wiping"]
    share(path, tmp_path / "shared.db", raw=True)
    assert SECRET.lower().encode() not in (tmp_path / "shared.db").read_bytes().lower()
    assert verify(tmp_path / "shared.db").is_sound
    with Store(path) as store:
        assert wiping.pending(store.connection) is None
    assert SECRET.lower().encode() not in everywhere(tmp_path).lower()


def test_a_kill_at_any_statement_of_retention_leaves_every_page_readable(tmp_path):
    done = at = 0
    path = tmp_path / "a.db"
    clock = Clock()
    with Store(path, clock=clock) as store:
        pages_of_a_site(store, clock, number=8)
    while not done:
        at += 1
        done = in_a_child(path, at, lambda store: purge_raw(store, max_bytes=9000))
        assert verify(path).is_sound
    assert at > 5
