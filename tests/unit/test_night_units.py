"""Units for schedulers: what is written, where, how awkward paths are escaped, and that nothing of anybody's is overwritten."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsarchive.cli.main import run as run_command
from newsarchive.errors import ConfigurationError, ExitCode
from newsarchive.nightly.installing import install_crontab, install_file, is_ours, sealed
from newsarchive.nightly.units import NightJob, cron_block, launchd_plist, systemd_units, workflow

GOLDEN = Path(__file__).resolve().parents[1] / "fixtures" / "units"
FOLDER = Path('/srv/news "papers" 100%/$HOME')


def job(**more):
    values = {
        "program": ("/opt/news archive/bin/python", "-P", "-m", "newsarchive"),
        "arguments": ("run", "--due", "--quiet", "--archive", str(FOLDER / "it's 5% new.db"), "--sites", str(FOLDER / "sites")),
        "folder": FOLDER,
        "environment": {"NEWSARCHIVE_CONTACT": "archive@library.example.org"},
        "secrets": FOLDER / "environment",
        "log": FOLDER / "nightly.log",
    }
    return NightJob(**(values | more))


def texts():
    return {
        **systemd_units(job()),
        "crontab": cron_block(job()),
        "crontab-15m": cron_block(job(every_minutes=15)),
        "org.newsarchive.run.plist": launchd_plist(job()),
        "newsarchive.yml": workflow("1.2.3"),
    }


@pytest.mark.parametrize("name", sorted(texts()))
def test_a_unit_is_as_it_was_read_by_a_person(name):
    assert texts()[name] == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("every", [15, 30, 60, 1440])
def systemd_finds_nothing_wrong_with_its_units(tmp_path, every):
    folder = tmp_path / 'we ird "100%" $HOME'
    folder.mkdir()
    python = folder / "py thon"
    python.symlink_to(sys.executable)
    units = systemd_units(job(program=(str(python), "-m", "newsarchive"), folder=folder, secrets=folder / "secret", every_minutes=every))
    for name, text in units.items():
        (tmp_path / name).write_text(sealed(text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")


if shutil.which("systemd-analyze"):  # `make test` needs nothing but Python; `.ci/run` installs it and asserts that it is there
    test_systemd_finds_nothing_wrong_with_its_units = systemd_finds_nothing_wrong_with_its_units


def test_the_shell_gets_the_words_that_were_meant(tmp_path):
    folder = tmp_path / "we'ird 100% $HOME"
    folder.mkdir()
    show = folder / "show"
    show.write_text(
        '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\nprintf "%s\\n" "$NEWSARCHIVE_CONTACT" "$PWD" "$SECRET"\nexit 17\n'
    )
    show.chmod(0o755)
    (folder / "environment").write_text("SECRET='two words'\n")
    arguments = ("run", f"{folder}/a 5% b.db")
    made = job(program=(str(show),), arguments=arguments, folder=folder, secrets=folder / "environment", log=folder / "log")
    line = cron_block(made).split(" ", 5)[5].replace("\\%", "%")  # as cron does
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=20, check=False)
    expected = ["run", f"{folder}/a 5% b.db", "archive@library.example.org", str(folder), "two words"]
    assert (done.returncode, done.stdout.splitlines()) == (0, expected), done.stderr
    plist = plistlib.loads(launchd_plist(made).encode())
    done = subprocess.run(
        plist["ProgramArguments"],
        cwd=plist["WorkingDirectory"],
        env={**os.environ, **plist["EnvironmentVariables"]},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()) == (17, expected), done.stderr


def test_a_path_with_a_line_break_is_refused():
    with pytest.raises(ConfigurationError, match="control characters"):
        systemd_units(job(folder=Path("/srv/a\nExecStart=/bin/false")))


def test_a_file_is_replaced_only_while_nobody_changed_it(tmp_path):
    path = tmp_path / "deep" / "newsarchive.timer"
    assert install_file(path, sealed("[Timer]\nOnCalendar=hourly\n")).was == "written"
    assert install_file(path, sealed("[Timer]\nOnCalendar=hourly\n")).was == "unchanged"
    assert install_file(path, sealed("[Timer]\nOnCalendar=daily\n")).was == "replaced"
    path.write_text(path.read_text().replace("daily", "weekly"))
    with pytest.raises(ConfigurationError, match="changed by somebody else"):
        install_file(path, sealed("[Timer]\nOnCalendar=hourly\n"))
    assert "weekly" in path.read_text()


def test_a_sealed_plist_is_still_one():
    text = sealed(launchd_plist(job()), comment="<!-- {} -->")
    assert is_ours(text)
    assert plistlib.loads(text.encode())["Label"] == "org.newsarchive.run"
    assert not is_ours(text.replace("<integer>10</integer>", "<integer>19</integer>"))


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    """A `crontab` that keeps its table in a file."""
    table, program = tmp_path / "table", tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then [ -e "{table}" ] && cat "{table}"; else cat >"{table}"; fi\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return table


def test_the_crontab_keeps_what_was_in_it(crontab):
    crontab.write_text("0 1 * * * true\n")
    assert install_crontab("7 * * * * one\n").was == "written"
    assert install_crontab("7 * * * * one\n").was == "unchanged"
    crontab.write_text(crontab.read_text() + "0 2 * * * false\n")
    assert install_crontab("8 * * * * two\n").was == "replaced"
    lines = [line for line in crontab.read_text().splitlines() if not line.startswith("#")]
    assert lines == ["0 1 * * * true", "8 * * * * two", "0 2 * * * false"]
    crontab.write_text(crontab.read_text().replace("8 * * * * two", "9 * * * * two"))
    with pytest.raises(ConfigurationError, match="were changed"):
        install_crontab("7 * * * * one\n")


def test_installing_says_what_was_done_and_how_to_undo_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "archive@library.example.org")
    monkeypatch.chdir(tmp_path)
    assert run_command(["schedule", "systemd", "--install", "--archive", "my archive.db"]) == ExitCode.OK
    said = capsys.readouterr().out
    service = tmp_path / "config" / "systemd" / "user" / "newsarchive.service"
    assert f"{service}: written." in said
    assert "systemctl --user enable --now newsarchive.timer" in said
    assert f"rm {service}" in said
    assert f'--archive "{tmp_path}/my archive.db"' in service.read_text()
    service.write_text(service.read_text() + "# mine\n")
    assert run_command(["schedule", "systemd", "--install"]) == ExitCode.CONFIGURATION
    assert service.read_text().endswith("# mine\n")
    assert run_command(["schedule", "github-actions", "--install"]) == ExitCode.CONFIGURATION, "in no repository"
    (tmp_path / ".git").mkdir()
    assert run_command(["schedule", "github-actions", "--install"]) == ExitCode.OK
    assert (tmp_path / ".github" / "workflows" / "newsarchive.yml").exists()


def test_every_system_is_printed(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for system, word in (("systemd", "OnCalendar=hourly"), ("cron", " * * * * cd "), ("launchd", "<plist"), ("github-actions", "cron: ")):
        assert run_command(["schedule", system]) == ExitCode.OK
        assert word in capsys.readouterr().out
