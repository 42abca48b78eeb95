"""What makes a machine start `newsarchive run --due` again and again: units for systemd, cron, launchd and GitHub Actions.

The timer starts often; which site is due is decided by the profiles' schedules, so that a unit need not change when they do.
All paths are absolute, and everything that its reader would take for more than text is escaped.
"""

from __future__ import annotations

import plistlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsarchive.errors import ConfigurationError, ExitCode

MEMORY_MB = 4096
"""MiB that a night may take at most: 1500 of the crawl (MEMUSAGE_LIMIT_MB) and 1024 of each of two workers, with room for caches."""
STEPS_SECONDS = 2 * 3600
"""What the steps after the crawl are given beyond its limit before the whole is ended."""
STOP_SECONDS = 90
"""From the stop signal to the end by force: a crawl is out in 20 s, a step that copies the archive in its own time or not at all."""
NICENESS = 10
FINE = (ExitCode.NOTHING_DUE, ExitCode.TIME_LIMIT)
"""Codes other than 0 for which nobody has to be called."""
LABEL = "org.newsarchive.run"
"""Name of the job for launchd."""
WORKFLOW_SECONDS = 5 * 3600
"""Time limit in GitHub Actions, which ends every job after six hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightJob:
    """What is to be started, and how often."""

    program: tuple[str, ...]
    """Absolute path of the interpreter, and what makes it `newsarchive`."""
    arguments: tuple[str, ...]
    """From `run` on, with absolute paths."""
    folder: Path
    """Where it is started."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that say where things are. Secrets belong into `secrets`."""
    secrets: Path
    """A file of NAME=VALUE lines that is read where it exists."""
    log: Path
    """Where the error stream goes where nothing else keeps it."""
    every_minutes: int = 60
    minute: int = 7
    """Minute of the hour, for those who cannot start at a random moment; the same on one machine, another on the next."""
    limit_seconds: int = 8 * 3600
    """The crawl's own time limit."""

    @property
    def command(self) -> tuple[str, ...]:
        """Program and arguments."""
        return (*self.program, *self.arguments)


def systemd_units(job: NightJob) -> dict[str, str]:
    """Name -> text of the service and the timer, for the user's own systemd."""
    environment = "".join(f"Environment={_systemd_word(f'{name}={value}')}\n" for name, value in sorted(job.environment.items()))
    delay = min(job.every_minutes * 60 // 4, 900)
    service = f"""[Unit]
Description=newsarchive: crawl the sites that are due
Documentation=man:systemd.service(5)

[Service]
Type=oneshot
ExecStart={" ".join(_systemd_word(word, is_command=True) for word in _systemd_command(job))}
WorkingDirectory={_systemd_path(job.folder)}
{environment}EnvironmentFile=-{_systemd_path(job.secrets)}
# {", ".join(f"{code.value}: {code.name.lower().replace('_', ' ')}" for code in FINE)}
SuccessExitStatus={" ".join(str(code.value) for code in FINE)}
# The run ends in order after {job.limit_seconds} s by itself; this ends what does not.
TimeoutStartSec={job.limit_seconds + STEPS_SECONDS}
TimeoutStopSec={STOP_SECONDS}
# The head of the run stops its processes in order; they are not signalled beside it.
KillMode=mixed
Nice={NICENESS}
IOSchedulingClass=idle
MemoryHigh={MEMORY_MB * 3 // 4}M
MemoryMax={MEMORY_MB}M
NoNewPrivileges=yes
UMask=0077
"""
    timer = f"""[Unit]
Description=newsarchive: look every {_every(job.every_minutes)} which sites are due

[Timer]
OnCalendar={_calendar(job.every_minutes)}
RandomizedDelaySec={delay}
AccuracySec=1min
# Made up for after the machine was off.
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {"newsarchive.service": service, "newsarchive.timer": timer}


def cron_block(job: NightJob) -> str:
    """Lines for a crontab. The error stream is mailed by cron or lost, so it goes to a file, too."""
    minutes = f"{job.minute}" if job.every_minutes == 60 else f"*/{job.every_minutes}"
    when = f"{job.minute} 3 * * *" if job.every_minutes == 1440 else f"{minutes} * * * *"
    limit = job.limit_seconds + STEPS_SECONDS
    fine = "|".join(str(code.value) for code in FINE)
    variables = "".join(f"{name}={shlex.quote(value)} " for name, value in sorted(job.environment.items()))
    secrets = shlex.quote(str(job.secrets))
    steps = (
        f"cd {shlex.quote(str(job.folder))} || exit; [ ! -r {secrets} ] || {{ set -a; . {secrets}; set +a; }};"
        f" {variables}timeout -k {STOP_SECONDS} {limit} nice -n {NICENESS} {shlex.join(job.command)} 2>>{shlex.quote(str(job.log))};"
        f" code=$?; case $code in {fine}) ;; *) exit $code;; esac"
    )
    return f"{when} {_cron_text(steps)}\n"


def launchd_plist(job: NightJob) -> str:
    """The property list of a launch agent; one that was missed while the machine slept is started when it wakes."""
    when: dict[str, int] | list[dict[str, int]]
    if job.every_minutes == 1440:
        when = {"Hour": 3, "Minute": job.minute}
    elif job.every_minutes == 60:
        when = {"Minute": job.minute}
    else:
        when = [{"Minute": minute} for minute in range(job.minute % job.every_minutes, 60, job.every_minutes)]
    secrets = shlex.quote(str(job.secrets))
    script = f"[ ! -r {secrets} ] || {{ set -a; . {secrets}; set +a; }}; exec {shlex.join(job.command)}"
    values = {
        "Label": LABEL,
        "ProgramArguments": ["/bin/sh", "-c", script],
        "WorkingDirectory": str(job.folder),
        "EnvironmentVariables": dict(job.environment),
        "StartCalendarInterval": when,
        "StandardOutPath": str(job.log),
        "StandardErrorPath": str(job.log),
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": NICENESS,
        "ExitTimeOut": STOP_SECONDS,
        "Umask": 0o077,
    }
    return plistlib.dumps(values, sort_keys=False).decode()


def workflow(version: str) -> str:
    """A workflow that keeps the archive in the cache of the repository in which it lies, with the profiles in `sites/`.

    Paths are the repository's, so nothing of this machine is in it. Once a day: every start costs a minute of setting up.
    """
    fine = "|".join(str(code.value) for code in (ExitCode.OK, *FINE))
    return f"""name: newsarchive
on:
  schedule:
    - cron: "23 3 * * *"
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: newsarchive
  cancel-in-progress: false
jobs:
  run:
    runs-on: ubuntu-latest
    timeout-minutes: {(WORKFLOW_SECONDS + 1800) // 60}
    env:
      NEWSARCHIVE_ARCHIVE: ${{{{ github.workspace }}}}/data/archive.db
      NEWSARCHIVE_SITES: ${{{{ github.workspace }}}}/sites
      NEWSARCHIVE_CONTACT: ${{{{ secrets.NEWSARCHIVE_CONTACT }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install "newsarchive=={version}"
      - uses: actions/cache/restore@v4
        with:
          path: data
          key: newsarchive-${{{{ github.run_id }}}}
          restore-keys: newsarchive-
      - name: Crawl the sites that are due
        run: |
          code=0
          nice -n {NICENESS} newsarchive run --due --time-limit {WORKFLOW_SECONDS} --log-format json || code=$?
          case "$code" in {fine}) exit 0 ;; *) exit "$code" ;; esac
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: data
          key: newsarchive-${{{{ github.run_id }}}}
"""


def _systemd_command(job: NightJob) -> tuple[str, ...]:
    """The words of the command. systemd runs no program whose path holds quotes, backslashes or `$`; `env` does."""
    return ("/usr/bin/env", *job.command) if set(job.program[0]) & set("'\"\\$") else job.command


def _systemd_word(text: str, *, is_command: bool = False) -> str:
    """A word of a unit file: quoted where needed, `%` and in commands `$` doubled."""
    _refuse_controls(text)
    doubled = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    if is_command:
        doubled = doubled.replace("$", "$$")
    is_plain = bool(text) and not set(text) & set(" '\"\\;#")
    return doubled if is_plain else f'"{doubled}"'


def _systemd_path(path: Path) -> str:
    """A path that takes the rest of its line."""
    _refuse_controls(str(path))
    return str(path).replace("%", "%%")


def _cron_text(text: str) -> str:
    """A command for a crontab, where a bare `%` ends the line."""
    _refuse_controls(text)
    return text.replace("%", "\\%")


def _refuse_controls(text: str) -> None:
    if not text.isprintable():
        raise ConfigurationError(f"{text!r:.100} holds control characters; no scheduler takes such a path")


def _calendar(minutes: int) -> str:
    return {60: "hourly", 1440: "*-*-* 03:00:00"}.get(minutes, f"*:0/{minutes}")


def _every(minutes: int) -> str:
    return {60: "hour", 1440: "day"}.get(minutes, f"{minutes} minutes")
