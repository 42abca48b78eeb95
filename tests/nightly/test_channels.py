"""The configuration of channels: what is wrong is said with its place, and no secret stands in the file or in what is written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from notices import ALARM, ALARMING, FAILED, GOOD, STARTED, TEST

from newsarchive.errors import ConfigurationError
from newsarchive.nightly.channels import DEFAULT_WHEN, KEYS, read_channels
from newsarchive.nightly.notify import wants
from newsarchive.nightly.notify_secrets import open_channel

MAIL = {"kind": "email", "host": "mail.example", "sender": "a@b.example", "recipients": ["c@d.example"]}
HOOK = {"kind": "webhook", "url": "https://hooks.example/x"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "emial"}, "notify.desk.kind: 'emial' is no kind; .*, did you mean 'email'?"),
        ({}, "notify.desk.kind: None is no kind"),
        ({"kind": []}, "notify.desk.kind: \\[\\] is no kind"),
        ({**MAIL, "recipient": "x"}, "notify.desk.recipient: not known for kind 'email', did you mean 'recipients'?"),
        ({**MAIL, "password": "hunter22", "username": "x"}, "no secret in this file"),
        ({**MAIL, "username": "x"}, "needs both username and password"),
        ({**MAIL, "username": "x", "password": "${A}", "security": "none"}, "no password is sent without TLS"),
        ({**MAIL, "security": "ssl"}, "'ssl' is not known; it is one of starttls, tls, none"),
        ({**MAIL, "port": "25"}, "write a number from 1 to 65535"),
        ({**MAIL, "recipients": []}, "write a list of texts"),
        ({**MAIL, "sender": "a@b.example\nBcc: x@y.example"}, "write a text on one line"),
        ({**MAIL, "sender": "nobody"}, "'nobody' is no mail address"),
        ({**MAIL, "timeout_seconds": 0}, "write a number from 1 to 60"),
        ({**MAIL, "timeout_seconds": True}, "write a number from 1 to 60"),
        ({**MAIL, "when": ["failures"]}, "'failures' is not known; .*, did you mean 'failure'?"),
        ({**MAIL, "when": []}, "notify.desk.when: write a list"),
        ({"kind": "webhook"}, "notify.desk.url is missing"),
        ({**HOOK, "url": "ftp://hooks.example/x"}, "messages go to http and https addresses, not to 'ftp'"),
        ({**HOOK, "url": "file:///etc/passwd"}, "not to 'file'"),
        ({**HOOK, "url": "https://"}, "names no host"),
        ({**HOOK, "url": "https://a.example:port/"}, "is no address"),
        ({**HOOK, "url": "https://bob:hunter22@hooks.example/"}, "no password in this file"),
        ({**HOOK, "proxy": "http://bob:hunter22@proxy.example/"}, "no password in this file"),
        ({**HOOK, "secret": "hunter22"}, "no secret in this file"),
        ({**HOOK, "url": "https://hooks.example/${1X}"}, "is no reference to an environment variable"),
        ({**HOOK, "url_file": "x"}, "are both given"),
        ({**HOOK, "headers": {"X Y": "1"}}, "no name of a header"),
        ({**HOOK, "headers": {"X-Y": "1\r\nHost: z"}}, "write a text on one line"),
        ({"kind": "ntfy", "url": "https://ntfy.example/"}, "the topic is missing"),
        ({"kind": "prometheus", "path": "metrics.txt"}, "files that end in .prom alone"),
        ({"kind": "ping", "url": "https://ping.example/x", "start": "yes"}, "write true or false"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(table, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        read_channels({"desk": table})
    assert "hunter22" not in str(caught.value) or "url" not in str(caught.value)


def test_a_channel_is_a_table():
    with pytest.raises(ConfigurationError, match=re.escape("notify.desk: write it as a table, [notify.desk]")):
        read_channels({"desk": "email"})


def test_defaults_are_filled_in_and_nothing_secret_is_read():
    mail, hook = read_channels({"desk": MAIL, "hook": {**HOOK, "secret": "${NOT_SET_ANYWHERE}", "when": "always"}})
    assert (mail.timeout_seconds, mail.tries, mail.values["security"]) == (10.0, 3, "starttls")
    assert mail.when == {"failure", "alarm", "recovery"}
    assert hook.when == {"always"}
    assert hook.values["secret"] == "${NOT_SET_ANYWHERE}"
    assert set(DEFAULT_WHEN) == set(KEYS)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("always", {"good", "failed", "alarming", "failed again", "well again", "over"}),
        ("failure", {"failed", "failed again"}),
        ("alarm", {"alarming", "failed again"}),
        ("recovery", {"well again", "over"}),
    ],
)
def test_each_hears_what_it_wants(when, told):
    nights = {
        "good": GOOD,
        "failed": FAILED,
        "alarming": ALARMING,
        "failed again": replace(FAILED, was_failing=True, alarms=(ALARM,)),
        "well again": replace(GOOD, was_failing=True),
        "over": replace(GOOD, recovered=(ALARM,)),
        "start": STARTED,
    }
    (channel,) = read_channels({"hook": {**HOOK, "when": when}})
    assert {name for name, notice in nights.items() if wants(channel, notice)} == told
    assert wants(channel, TEST)


def test_secrets_come_from_variables_and_files(tmp_path):
    (tmp_path / "password").write_text("sesame-in-a-file\n")
    table = {**MAIL, "username": "${USER_NAME}", "password_file": "${CREDENTIALS_DIRECTORY}/password"}
    (channel,) = read_channels({"desk": table})
    opened = open_channel(channel, {"USER_NAME": "nightly-user", "CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert (opened.text("username"), opened.text("password")) == ("nightly-user", "sesame-in-a-file")
    assert "sesame" not in repr(opened)
    assert "sesame" not in opened.redactor("it said sesame-in-a-file")


@pytest.mark.parametrize("content", [b"", b"two\nlines", b"\xff\xfe", None])
def test_a_file_without_a_secret_is_named_and_not_shown(tmp_path, content):
    file = tmp_path / "hook"
    if content is not None:
        file.write_bytes(content)
    (channel,) = read_channels({"hook": {"kind": "webhook", "url_file": str(file)}})
    with pytest.raises(ConfigurationError, match=r"url_file: .*hook (cannot be read|is empty)") as caught:
        open_channel(channel, {})
    assert "two" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "  ", "a\nb"])
def test_a_variable_without_a_value_is_named(value):
    (channel,) = read_channels({"hook": {**HOOK, "secret": "${HOOK_SECRET}"}})
    with pytest.raises(ConfigurationError, match=r"HOOK_SECRET (is not set|holds a line break)"):
        open_channel(channel, {"HOOK_SECRET": value})


def test_the_path_of_an_address_is_taken_for_a_secret():
    (channel,) = read_channels({"ping": {"kind": "ping", "url": "https://ping.example/5f0c9b0e-a1"}})
    redacted = open_channel(channel, {}).redactor("https://ping.example/5f0c9b0e-a1/start failed")
    assert redacted.startswith("https://ping.example")
    assert "5f0c9b0e" not in redacted
