"""The log: a record is a line whatever it holds, secrets are left out, and a terminal obeys nothing of it."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.logs import JsonLines, TextLines, bind, escaped, is_json, set_up_log
from newsarchive.redaction import HIDDEN, Redactor, is_secret_name, secrets_of

HOSTILE = "line one\nline two\r\n\x1b[2J\x1b]0;title\x07 \u202eevil\u2066 \u2028 \x85 \x00 \ud800 \u200b end"


@pytest.fixture(autouse=True)
def root_logger(monkeypatch):
    """The root logger as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def logged(log_format: str, emit) -> list[str]:
    """The lines that come of some log calls."""
    stream = io.StringIO()
    set_up_log("DEBUG", log_format, stream)
    emit()
    text = stream.getvalue()
    assert text.endswith("\n")
    return text[:-1].split("\n")


def is_harmless(line: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in line)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_hostile_text_stays_on_its_line(log_format):
    def emit():
        logger = logging.getLogger("newsarchive.\nevil")
        logger.info("got %s", HOSTILE, extra={"url": f"https://a.example/{HOSTILE}", "list": [HOSTILE], HOSTILE: 1})
        try:
            raise ValueError(HOSTILE)
        except ValueError:
            logger.exception("failed")
        logger.info("end")

    lines = logged(log_format, emit)
    assert len(lines) == 3
    assert all(is_harmless(line) for line in lines)
    if log_format == "json":
        first, failed, _ = map(json.loads, lines)
        assert first["event"] == f"got {HOSTILE}".replace("\ud800", "\ufffd")
        assert failed["error"] == "ValueError"
        assert "Traceback" in failed["traceback"]
    else:
        assert r"\x1b[2J" in lines[0]
        assert r"\u202e" in lines[0]
        assert r"Traceback (most recent call last):\n" in lines[1]


@given(st.text(), st.dictionaries(st.text(min_size=1), st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.none())))
def test_any_record_is_one_line_and_valid_json(message, fields):
    record = logging.makeLogRecord({**fields, "msg": message, "name": "a", "levelname": "INFO", "levelno": 20, "args": ()})
    if not isinstance(getattr(record, "created", None), float) or record.created != record.created or abs(record.created) > 1e10:
        return
    for formatter in (TextLines(Redactor()), JsonLines(Redactor())):
        line = formatter.format(record)
        assert is_harmless(line)
    assert isinstance(json.loads(line), dict)


def test_json_says_when_where_what_and_of_which_run():
    def emit():
        bind(run=12)
        logging.getLogger("newsarchive.crawl").warning("slow", extra={"url": "https://www.ferry.example/a", "seconds": 1.5, "n": 3})
        bind(run=None)
        logging.getLogger("x").error("late")

    first, last = map(json.loads, logged("json", emit))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first == {
        "level": "warning",
        "logger": "newsarchive.crawl",
        "event": "slow",
        "run": 12,
        "url": "https://www.ferry.example/a",
        "site": "ferry.example",
        "seconds": 1.5,
        "n": 3,
    }
    assert "run" not in last
    assert is_json()


SECRET = "s3cr3t-Value-9"


@pytest.mark.parametrize(
    "text",
    [
        f"https://bob:{SECRET}@proxy.example:3128/x",
        f"<GET http://bob:{SECRET}@a.example/>",
        f"socks5://{SECRET}@proxy.example",
        f"Authorization: Bearer {SECRET}",
        f"{{b'Authorization': [b'Basic {SECRET}'], b'Accept': [b'*/*']}}",
        f"Proxy-Authorization: Basic {SECRET}",
        f"Cookie: sid={SECRET}; lang=en",
        f"Set-Cookie: sid={SECRET}; HttpOnly",
        f"X-Api-Key: {SECRET}",
        f"https://a.example/hook?token={SECRET}&x=1",
        f"https://a.example/hook?x=1&api_key={SECRET}",
        f"https://a.example/?key={SECRET}",
        f'{{"password": "{SECRET} and more"}}',
        f"password='{SECRET}'",
        f"SMTP_PASSWORD={SECRET}",
        f"sent with bearer {SECRET}",
        f"https://hooks.slack.example/services/T0/B0/{SECRET}",
        f"client_secret={SECRET}",
    ],
)
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_looks_secret_is_left_out(text, log_format):
    def emit():
        logging.getLogger("scrapy").error("trouble: %s", text, extra={"url": text, "deep": {"headers": [text]}, "token": SECRET})
        try:
            raise ValueError(text)
        except ValueError:
            logging.getLogger("twisted").exception(text)

    lines = logged(log_format, emit)
    assert not [line for line in lines if SECRET in line]
    assert HIDDEN in lines[0]


def test_known_secrets_are_left_out_wherever_they_stand():
    redact = Redactor(["pa ss/word+1", "abc"])
    for form in ("pa ss/word+1", "pa%20ss%2Fword%2B1", "pa+ss%2Fword%2B1"):
        assert redact(f"<{form}>") == f"<{HIDDEN}>"
    assert redact("abc is too short to be looked for") == "abc is too short to be looked for"
    redact.learn("late-comer-77")
    assert redact("the late-comer-77 came") == f"the {HIDDEN} came"


def test_variables_with_secret_names_are_known(monkeypatch):
    monkeypatch.setenv("PAPER_TOKEN", "qwertzuiop")
    monkeypatch.setenv("ALL_PROXY", "http://me:hunter2222@proxy.example:1")
    lines = logged("text", lambda: logging.getLogger("x").info("it was qwertzuiop with hunter2222"))
    assert lines[0].endswith(f"it was {HIDDEN} with {HIDDEN}")
    assert secrets_of({"PATH": "/usr/bin", "LANG": "C.UTF-8", "API_KEY_FILE": "/run/secrets/key", "HOME": "/x"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "The mayor's secret life of fish",
        "basic information for residents",
        "https://a.example/2026/05/01/password-reset-for-ferries/",
        "mail desk@paper.example about it",
        "https://a.example/?page=2&sort=new",
        "Authors: Ada Holm; keys of the town",
    ],
)
def test_plain_text_is_left_alone(text):
    assert Redactor()(text) == text


@pytest.mark.parametrize("name", ["token", "SMTP_PASSWORD", "api_key", "authorization", "Cookie", "x-api-key", "session"])
def test_names_of_secrets_are_known(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["url", "monkey", "keyword", "author", "status", "run", "passage", "site"])
def test_other_names_are_not(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "piece", ["a-", "token", "http://a@", "token ", "cookie", "basic ", "://", "https://hooks.", "'", "x-", "key=", "\\"]
)
def test_a_long_hostile_text_costs_no_more_than_its_length(piece):
    text = piece * (400_000 // len(piece))
    record = logging.makeLogRecord({"msg": "%s", "args": (text,), "levelname": "INFO", "levelno": 20})
    for formatter in (TextLines(Redactor()), JsonLines(Redactor())):
        assert len(formatter.format(record)) < 30_000


def test_a_broken_log_call_is_still_a_line():
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    def emit():
        logging.getLogger("x").info("%s and %s", "one")
        logging.getLogger("x").info("odd", extra={"odd": Odd()})

    first, second = map(json.loads, logged("json", emit))
    assert first["event"] == "%s and %s (its arguments do not fit)"
    assert second["odd"] == "<Odd>"


def test_scrapys_records_give_their_address():
    def emit():
        request = SimpleNamespace(url="https://www.ferry.example/b")
        logging.getLogger("scrapy.core.engine").debug(
            "Crawled (%(status)s) %(request)s", {"status": 200, "request": request}, extra={"spider": SimpleNamespace(name="news")}
        )

    (line,) = map(json.loads, logged("json", emit))
    assert (line["url"], line["site"], line["status"], line["spider"]) == ("https://www.ferry.example/b", "ferry.example", 200, "news")


def test_warnings_and_twisted_pass_through_the_same_handler():
    program = (
        "import logging, warnings\n"
        "from newsarchive.logs import set_up_log\n"
        "set_up_log('INFO', 'json')\n"
        "from scrapy.utils.log import configure_logging\n"
        "configure_logging({'LOG_LEVEL': 'INFO', 'LOG_INSTALL_ROOT_HANDLER': False})\n"
        "from newsarchive.crawl.events import quiet_twisted\n"
        "quiet_twisted()\n"
        "quiet_twisted()\n"
        "from twisted.python import failure, log\n"
        "from twisted.logger import Logger\n"
        "log.msg('old style\\n\\x1b[31m')\n"
        "Logger(namespace='evil').error('new {style}', style='Cookie: sid=abcdefgh\\n')\n"
        "log.err(failure.Failure(ValueError('https://a:bcdefgh@c.example/')))\n"
        "warnings.warn('careful\\nnow')\n"
    )
    done = subprocess.run([sys.executable, "-W", "default", "-c", program], capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 0
    assert {line["logger"] for line in lines} >= {"twisted", "py.warnings"}
    assert "abcdefgh" not in done.stderr
    assert "bcdefgh@" not in done.stderr
    assert any("careful" in line["event"] for line in lines)
    assert any(line.get("error") == "ValueError" or "ValueError" in line["event"] for line in lines)


def test_escaping_leaves_readable_text_alone():
    assert escaped("Zürich, 東京, עברית, 50 €") == "Zürich, 東京, עברית, 50 €"
    assert escaped("a\tb\x7f") == r"a\tb\x7f"
