"""`newsarchive sites`: what it prints, writes and ends with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsarchive.cli import main as cli
from newsarchive.errors import ExitCode
from newsarchive.sites.check import ERA_KEYS, KEYS
from newsarchive.sites.load import load_profiles
from newsarchive.sites.record import profile_record
from newsarchive.sites.template import profile_template


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of profiles that is the usual one."""
    place = tmp_path / "sites"
    monkeypatch.setenv("NEWSARCHIVE_SITES", str(place))
    return place


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["sites", *arguments])
    return code, *capsys.readouterr()


def test_a_new_profile_is_right_at_once(folder, capsys):
    code, out, _ = ran(capsys, "new", "Example.com")
    assert code == 0
    assert f"Wrote {folder / 'example.com.toml'}" in out
    assert ran(capsys, "check")[:2] == (0, "1 profile, nothing wrong.\n")
    assert load_profiles(folder)[0].domains == ("example.com",)


def test_a_profile_that_exists_is_left_as_it_is(folder, capsys):
    ran(capsys, "new", "example.com")
    (folder / "example.com.toml").write_text('domains = ["other.example"]', encoding="utf-8")
    code, _, err = ran(capsys, "new", "example.com")
    assert code == ExitCode.CONFIGURATION
    assert "exists already" in err
    assert (folder / "example.com.toml").read_text(encoding="utf-8") == 'domains = ["other.example"]'


def test_a_new_profile_is_for_a_host(folder, capsys):
    code, _, err = ran(capsys, "new", "https://example.com/news")
    assert code == ExitCode.CONFIGURATION
    assert "did you mean 'example.com'?" in err
    assert not folder.exists()


def test_every_key_stands_in_the_template_and_every_example_is_right(folder):
    text = profile_template("example.com")
    folder.mkdir()
    switched_on = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in text.splitlines() if line != '# schedule = "6h"']
    (folder / "all.toml").write_text("\n".join(switched_on), encoding="utf-8")
    record = profile_record(load_profiles(folder)[0])
    assert {key for key in KEYS if not record[key]} == {"browser"}
    assert set(record["eras"][0]) <= set(ERA_KEYS)


def test_check_tells_every_fault_and_ends_with_the_code_for_it(folder, capsys):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]\nfeds = []\ndelay_seconds = -1\n', encoding="utf-8")
    code, out, err = ran(capsys, "check")
    assert code == ExitCode.CONFIGURATION
    assert out.splitlines() == [
        f"{folder}/a.toml:2: feds: unknown key, did you mean 'feeds'?",
        f"{folder}/a.toml:3: delay_seconds: -1 is not right; it is a number from 0 to 3600 (seconds)",
    ]
    assert err == ""
    code, out, _ = ran(capsys, "check", "--json")
    assert code == ExitCode.CONFIGURATION
    assert json.loads(out)["ok"] is False
    assert json.loads(out)["problems"][0] == {
        "file": f"{folder}/a.toml",
        "line": 2,
        "key": "feds",
        "message": "unknown key",
        "suggestion": "feeds",
    }


def test_the_other_commands_tell_every_fault_as_errors(folder, capsys):
    folder.mkdir()
    (folder / "a.toml").write_text("feds = []", encoding="utf-8")
    code, out, err = ran(capsys, "list")
    assert code == ExitCode.CONFIGURATION
    assert out == ""
    assert [line.startswith("Error: ") for line in err.splitlines()] == [True, True]


def test_one_file_can_be_checked(folder, capsys):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]', encoding="utf-8")
    (folder / "b.toml").write_text("broken", encoding="utf-8")
    assert ran(capsys, "check", str(folder / "a.toml"))[0] == 0


def test_a_folder_that_does_not_exist_is_told_where_it_was_named(folder, capsys):
    code, _, err = ran(capsys, "check", str(folder / "nowhere"))
    assert code == ExitCode.NOT_FOUND
    assert "is no folder" in err
    code, out, _ = ran(capsys, "list")
    assert code == 0
    assert "There are no profiles yet" in out


def test_missing_variables_are_named_but_no_fault_of_the_file(folder, capsys, monkeypatch):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]\n[headers]\nX-Key = "${NEWS_KEY}"\n', encoding="utf-8")
    monkeypatch.delenv("NEWS_KEY", raising=False)
    code, out, _ = ran(capsys, "check")
    assert code == 0
    assert "NEWS_KEY is not set here" in out
    assert json.loads(ran(capsys, "check", "--json")[1])["variables_not_set"] == ["NEWS_KEY"]


def test_show_never_prints_a_secret(folder, capsys, monkeypatch):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]\n[headers]\nX-Key = "${NEWS_KEY}"\n', encoding="utf-8")
    monkeypatch.setenv("NEWS_KEY", "s3cr3t")
    for arguments in (("show", "a"), ("show", "https://www.a.example/x"), ("show", "a", "--json")):
        code, out, _ = ran(capsys, *arguments)
        assert code == 0
        assert "${NEWS_KEY}" in out
        assert "s3cr3t" not in out
    assert json.loads(out)["variables"] == {"NEWS_KEY": True}
    assert json.loads(out)["seeds"] == ["https://a.example/"]


def test_show_names_what_there_is(folder, capsys):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]', encoding="utf-8")
    code, _, err = ran(capsys, "show", "b")
    assert code == ExitCode.NOT_FOUND
    assert "there are: a" in err


def test_list_is_json_on_request(folder, capsys):
    folder.mkdir()
    (folder / "a.toml").write_text('domains = ["a.example"]\nschedule = "6h"', encoding="utf-8")
    assert json.loads(ran(capsys, "list", "--json")[1]) == [
        {"name": "a", "domains": ["a.example"], "schedule": "6h", "path": str(folder / "a.toml")}
    ]
