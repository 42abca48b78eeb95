"""nightly.toml: defaults, every fault with its line, secrets of nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newsarchive.errors import ConfigurationError
from newsarchive.nightly.config import NightConfig, read_config

WHOLE = """
timezone = "Europe/Oslo"
schedule = "30 2 * * *"
missed = "skip"
missed_after = "90m"
time_limit = "6h"
stalled_after = "45s"
max_per_site = 500
min_free_disk = "2.5 GB"
upgrade = "refuse"
optimize = false
keep_raw = false
[retention]
older_than = "90d"
max_size = "5GB"
[backup]
folder = "/srv/copies"
keep = 3
[report]
folder = "/srv/reports"
"""


def test_without_a_file_there_are_defaults(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSARCHIVE_NIGHTLY", str(tmp_path / "nightly.toml"))
    assert read_config() == NightConfig()
    with pytest.raises(ConfigurationError, match="does not exist"):
        read_config(tmp_path / "nightly.toml")


def test_every_key_is_read(tmp_path):
    path = tmp_path / "nightly.toml"
    path.write_text(WHOLE)
    assert read_config(path) == NightConfig(
        timezone="Europe/Oslo",
        schedule="30 2 * * *",
        missed="skip",
        missed_after=timedelta(minutes=90),
        time_limit=timedelta(hours=6),
        stalled_after=timedelta(seconds=45),
        max_per_site=500,
        min_free_disk=2_500_000_000,
        upgrade="refuse",
        optimize=False,
        keep_raw=False,
        retention_older_than=timedelta(days=90),
        retention_max_size=5_000_000_000,
        backup_folder=Path("/srv/copies"),
        backup_keep=3,
        report_folder=Path("/srv/reports"),
        path=path,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('missd = "once"', "nightly.toml:1: missd: unknown key, did you mean 'missed'?"),
        ('\ntimezone = "Europe/Olso"', "nightly.toml:2: timezone: 'Europe/Olso' is no time zone"),
        ('missed = "twice"', "it is one of once, skip"),
        ('time_limit = "800h"', "write it like 90s, 30m or 6h"),
        ("stalled_after = 5", "a text in quotes is needed"),
        ("max_per_site = 0", "it is a whole number from 1"),
        ('optimize = "yes"', "it is true or false"),
        ('schedule = "0 0 30 2 *"', "never comes"),
        ('[backup]\nfolds = "x"', "nightly.toml:2: backup.folds: unknown key, did you mean 'folder'?"),
        ('[retention]\nolder_than = "90m"', "is no age"),
        ('min_free_disk = "much"', "is no size"),
        ("= 3", "is no TOML"),
        ("[notify.me]\nkind = 'pigeon'", "pigeon"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, text, told):
    path = tmp_path / "nightly.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_config(path)
    assert told in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "nightly.toml"
    path.write_text('missed = "x"\nupgrade = "y"\n')
    with pytest.raises(ConfigurationError) as caught:
        read_config(path)
    assert len(str(caught.value).splitlines()) == 2
