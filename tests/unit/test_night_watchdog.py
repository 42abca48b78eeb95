"""Processes that hang, die, ignore signals or fill the disk are ended, gracefully where they can."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from newsarchive.errors import ExitCode
from newsarchive.nightly.watchdog import Limits, Signals, supervise

HEAD = "import json, os, signal, sys, time\nsay = lambda **event: print(json.dumps(event), flush=True)\nsys.stdin.readline()\n"
PROGRESS = "say(progress={'fetched': %s, 'found': 5, 'waiting': 2})\n"
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
ORDERLY = "signal.signal(signal.SIGTERM, lambda *_: (say(result={'end': 'interrupted'}), sys.exit(0)))\n"
FOR_EVER = "say(ready=1)\nsignal.pause()\ntime.sleep(60)\n"


def watch(script, signals=None, on_event=lambda event: None, **limits):
    values = {"seconds": 30.0, "grace_seconds": 0.3, "start_seconds": 0.0} | limits
    command = [sys.executable, "-c", HEAD + script]
    return supervise("crawl", {}, Limits(**values), signals or Signals(), on_event, command=command)


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_job_that_ends_gives_its_result():
    ended = watch("say(result={'end': 'finished'})\n")
    assert (ended.reason, ended.was_forced, ended.result) == ("finished", False, {"end": "finished"})


def test_a_job_that_fails_tells_its_own_exit_code():
    ended = watch("say(error={'code': 6, 'message': 'held'})\n")
    assert (ended.exit_code, ended.error) == (ExitCode.LOCK_HELD, "held")


def test_a_job_without_progress_is_ended_in_order():
    ended = watch(ORDERLY + PROGRESS % 1 + FOR_EVER, stalled_seconds=0.5, grace_seconds=10.0)
    assert (ended.reason, ended.was_forced, ended.result) == ("stalled", False, {"end": "interrupted"})


def test_a_job_that_has_not_said_a_word_yet_gets_longer():
    assert watch("time.sleep(0.7)\nsay(result={})\n", stalled_seconds=0.1, start_seconds=20.0).result == {}


def test_a_job_that_beats_without_coming_further_is_ended_too():
    asked = "asked = []\nsignal.signal(signal.SIGTERM, lambda *_: asked.append(1))\n"
    beats = "while not asked:\n    " + PROGRESS % 1 + "    time.sleep(0.05)\nsay(result={})\n"
    ended = watch(asked + beats, stalled_seconds=0.5, grace_seconds=10.0)
    assert (ended.reason, ended.was_forced, ended.result) == ("stalled", False, {})


def test_a_line_that_breaks_off_is_passed_over():
    assert watch("print('{\"progre', flush=True)\nsay(result={})\n").result == {}


def test_a_job_that_comes_further_is_left_alone():
    ended = watch("for n in range(12):\n    " + PROGRESS % "n" + "    time.sleep(0.1)\nsay(result={})\n", stalled_seconds=0.6)
    assert (ended.reason, ended.result) == ("finished", {})


def test_a_job_that_does_not_hear_is_killed():
    ended = watch(DEAF + FOR_EVER, stalled_seconds=0.5)
    assert (ended.reason, ended.was_forced) == ("stalled", True)
    assert is_gone(ended.pid)


def test_a_job_that_is_stopped_in_the_kernel_is_killed():
    ended = watch("os.kill(os.getpid(), signal.SIGSTOP)\n", stalled_seconds=0.5)
    assert (ended.reason, ended.was_forced) == ("stalled", True)
    assert is_gone(ended.pid)


def test_what_a_killed_job_started_goes_with_it():
    children = []
    spawn = "import subprocess\nchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\nsay(child=child.pid)\n"
    watch(DEAF + spawn + FOR_EVER, stalled_seconds=0.5, on_event=lambda event: children.append(event.get("child")))
    pid = next(filter(None, children))
    for _ in range(200):
        state = "Z"
        if not is_gone(pid):
            with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - it may go between the two looks
                state = file.read().rpartition(")")[2].split()[0]
        if state == "Z":
            return
        threading.Event().wait(0.02)
    pytest.fail("the child of a killed job lives on")


def test_a_job_is_ended_at_its_limit():
    assert watch(ORDERLY + FOR_EVER, seconds=0.5, grace_seconds=10.0).reason == "time_limit"


def test_a_job_is_ended_before_the_disk_is_full():
    looks = iter([False, False, True])
    ended = watch(ORDERLY + FOR_EVER, is_disk_low=lambda: next(looks, True), disk_seconds=0.1, grace_seconds=10.0)
    assert ended.reason == "disk_low"


@pytest.mark.parametrize(("number", "forced"), [(1, False), (2, True)])
def test_one_signal_ends_in_order_and_a_second_by_force(number, forced):
    signals = Signals()

    def on_event(event):
        if "ready" in event:
            for _ in range(number):
                os.kill(os.getpid(), signal.SIGTERM)

    with signals.caught():
        ended = watch((DEAF if forced else ORDERLY) + FOR_EVER, signals, on_event, grace_seconds=10.0)
    assert (ended.reason, ended.was_forced) == ("interrupted", forced)


def test_a_death_is_told_with_its_signal():
    ended = watch("os.kill(os.getpid(), signal.SIGKILL)\n")
    assert (ended.reason, ended.exit_code) == ("died", ExitCode.INTERNAL)
    assert "SIGKILL" in ended.error
    assert "memory" in ended.error


def test_an_unknown_word_of_the_system_is_told_as_a_fault():
    ended = watch("sys.exit(7)\n")
    assert (ended.reason, ended.error) == ("died", "the process of crawl ended with code 7 without a word")
