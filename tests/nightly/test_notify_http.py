"""Web hooks, ntfy and pings against servers on loopback: what arrives, and every way it can fail."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace

import pytest
from listeners import HttpListener, Proxy, SmtpListener, certificate, closed_port
from notices import ALARMING, FAILED, GOOD, ODD, STARTED, TEST

from newsarchive.nightly.channels import read_channels
from newsarchive.nightly.notify import Delivery, tell, tell_start
from newsarchive.nightly.notify_webhook import signature

SECRET = "s3cret-value-of-the-hook"
VARIABLES = {"HOOK": SECRET, "TOKEN": "tk_abcdefgh12345678"}


def told(table, notice=GOOD, **options) -> Delivery:
    channels = read_channels({"desk": {"when": "always", "timeout_seconds": 5, **table}})
    deliveries = tell(notice, channels, environment=VARIABLES, sleep=options.pop("sleep", lambda seconds: None), **options)
    return deliveries[0]


def test_slack_gets_a_text_that_no_page_can_use_to_call_the_channel():
    with HttpListener() as hook:
        delivery = told({"kind": "webhook", "format": "slack", "url": hook.url("/services/${HOOK}")}, ODD)
    assert delivery.ok
    assert hook.heard[0].target == f"/services/{SECRET}"
    text = json.loads(hook.heard[0].body)["text"]
    assert set(json.loads(hook.heard[0].body)) == {"text"}
    assert "<!channel>" not in text
    assert "&lt;!channel&gt;" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_json_has_its_schema_and_every_figure():
    with HttpListener() as hook:
        assert told({"kind": "webhook", "url": hook.url("/hook"), "headers": {"X-Desk": "night ${TOKEN}"}}, ALARMING).ok
    request = hook.heard[0]
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Desk"] == f"night {VARIABLES['TOKEN']}"
    value = json.loads(request.body)
    assert value["schema"] == "newsarchive.notice/1"
    assert value["event"] == "alarm"
    assert value["run"] | {"exit_code": 19, "seconds": 2520.0, "started_at": "2026-05-01T02:00:00Z", "failed": False} == value["run"]
    assert value["totals"]["stored"] == 15
    assert value["sites"][0]["coverage"]["date_published"] == 0.75
    assert value["alarms"][0]["examples"] == ["https://ferrytimes.example/a", "https://ferrytimes.example/b"]


def test_a_signature_is_of_the_moment_and_the_body():
    with HttpListener() as hook:
        assert told({"kind": "webhook", "url": hook.url(), "secret": "${HOOK}"}).ok
        assert told({"kind": "webhook", "url": hook.url()}).ok
    signed, plain = hook.heard
    moment = signed.headers["X-Newsarchive-Timestamp"]
    assert abs(int(moment) - time.time()) < 60
    assert signed.headers["X-Newsarchive-Signature"] == "sha256=" + signature(SECRET, moment, signed.body)
    assert signature(SECRET, moment, signed.body) != signature(SECRET, str(int(moment) + 1), signed.body)
    assert "X-Newsarchive-Signature" not in plain.headers


def test_figures_that_json_cannot_hold_are_null():
    with HttpListener() as hook:
        assert told({"kind": "webhook", "url": hook.url()}, ODD).ok
    assert list(json.loads(hook.heard[0].body)["sites"][0]["coverage"].values()) == [None]


def test_ntfy_gets_topic_title_and_token():
    with HttpListener() as server:
        assert told({"kind": "ntfy", "url": server.url("/night-desk"), "token": "${TOKEN}"}, FAILED).ok
    request = server.heard[0]
    assert request.target == "/"
    assert request.headers["Authorization"] == f"Bearer {VARIABLES['TOKEN']}"
    message = json.loads(request.body)
    assert message["topic"] == "night-desk"
    assert message["priority"] == 4
    assert message["title"].startswith("newsarchive failed: harbour.example")
    assert "no address for harbour.example" in message["message"]


@pytest.mark.parametrize(
    ("notice", "target"),
    [
        (GOOD, "/abc-def/0"),
        (FAILED, "/abc-def/3"),
        (ALARMING, "/abc-def/19"),
        (replace(FAILED, exit_code=0), "/abc-def/1"),
        (TEST, "/abc-def/log"),
    ],
)
def test_pings_carry_the_exit_code_and_the_run(notice, target):
    with HttpListener() as server:
        assert told({"kind": "ping", "url": server.url("/abc-def")}, notice).ok
    assert server.heard[0].target == f"{target}?rid={GOOD.uuid}"


def test_only_pings_hear_of_a_start():
    with HttpListener() as server:
        table = {"kind": "ping", "url": server.url("/abc")}
        channels = read_channels(
            {"a": table, "b": {"kind": "webhook", "url": server.url(), "when": "always"}, "c": {**table, "start": False}}
        )
        deliveries = tell_start(STARTED, channels, environment={})
    assert [(delivery.name, delivery.event, delivery.ok) for delivery in deliveries] == [("a", "start", True)]
    assert [request.target.partition("?")[0] for request in server.heard] == ["/abc/start"]


def test_alarms_need_not_fail_a_check():
    with HttpListener() as server:
        assert told({"kind": "ping", "url": server.url("/abc"), "alarm_is_failure": False}, ALARMING).ok
    assert server.heard[0].target.startswith("/abc/0?")


def test_what_fails_for_a_moment_is_tried_again():
    with HttpListener(503, "drop", 200) as hook:
        pauses: list[float] = []
        delivery = told({"kind": "webhook", "url": hook.url()}, sleep=pauses.append)
    assert (delivery.ok, delivery.attempts) == (True, 3)
    assert pauses == [1.0, 4.0]


def test_retry_after_is_kept_within_bounds():
    with HttpListener(429, 200, headers={"Retry-After": "86400"}) as hook:
        pauses: list[float] = []
        assert told({"kind": "webhook", "url": hook.url()}, sleep=pauses.append).ok
    assert pauses == [10.0]


@pytest.mark.parametrize(
    ("answer", "attempts", "words"),
    [
        (500, 3, "answered HTTP 500: no"),
        (404, 1, "answered HTTP 404: no"),
        (302, 1, "a redirect, which is not followed"),
        ("drop", 3, "no connection"),
        ("garbage", 3, "no connection"),
    ],
)
def test_refusals_are_recorded_and_raise_nothing(answer, attempts, words):
    with HttpListener(answer, said=b"no", headers={"Location": "http://127.0.0.1:1/"}) as hook:
        delivery = told({"kind": "webhook", "url": hook.url("/${HOOK}")})
    assert (delivery.ok, delivery.attempts) == (False, attempts)
    assert words in delivery.detail
    assert SECRET not in str(asdict(delivery))


def test_a_server_that_repeats_the_secret_does_not_get_it_into_the_record():
    with HttpListener(403, said=f"token {SECRET} is no good\n\x1b[2J".encode()) as hook:
        delivery = told({"kind": "webhook", "url": hook.url("/${HOOK}"), "secret": "${HOOK}"})
    assert SECRET not in delivery.detail
    assert "\x1b" not in delivery.detail
    assert "is no good" in delivery.detail


def test_a_server_that_hangs_costs_the_time_of_its_tries():
    with HttpListener("hang") as hook:
        began = time.monotonic()
        delivery = told({"kind": "webhook", "url": hook.url(), "timeout_seconds": 1, "tries": 1})
    assert time.monotonic() - began < 4
    assert delivery.detail == "127.0.0.1 did not answer within 1 s"


def test_the_budget_holds_whatever_a_channel_does():
    with HttpListener("hang") as hook:
        began = time.monotonic()
        delivery = told({"kind": "webhook", "url": hook.url(), "timeout_seconds": 60}, budget_seconds=0.3)
    assert time.monotonic() - began < 2
    assert (delivery.ok, delivery.detail) == (False, "no end within the time for telling; given up")


def test_an_endless_answer_is_cut():
    with HttpListener("endless") as hook:
        assert told({"kind": "webhook", "url": hook.url()}).ok


def test_nobody_at_the_door_is_recorded():
    with closed_port() as port:
        delivery = told({"kind": "ntfy", "url": f"http://127.0.0.1:{port}/topic"})
    assert (delivery.ok, delivery.attempts) == (False, 3)
    assert "no connection to 127.0.0.1" in delivery.detail


def test_certificates_are_verified_and_can_be_given(tmp_path):
    pem = certificate(tmp_path)
    with HttpListener(tls=pem) as hook:
        distrusted = told({"kind": "webhook", "url": hook.url()})
        trusted = told({"kind": "webhook", "url": hook.url(), "ca_file": str(pem)})
        missing = told({"kind": "webhook", "url": hook.url(), "ca_file": str(tmp_path / "none.pem")})
    assert (distrusted.ok, distrusted.attempts) == (False, 1)
    assert "certificate of 127.0.0.1 is not trusted" in distrusted.detail
    assert trusted.ok
    assert missing.detail.startswith("ca_file cannot be read")


def test_a_certificate_of_another_host_is_refused(tmp_path):
    pem = certificate(tmp_path, "elsewhere.example")
    with HttpListener(tls=pem) as hook:
        delivery = told({"kind": "webhook", "url": hook.url(), "ca_file": str(pem)})
    assert not delivery.ok
    assert "not trusted" in delivery.detail


def test_no_tls_where_tls_is_expected():
    with SmtpListener() as other:
        delivery = told({"kind": "webhook", "url": f"https://127.0.0.1:{other.port}/", "tries": 1})
    assert "no TLS connection to 127.0.0.1" in delivery.detail


def test_proxies_get_their_login_and_the_service_does_not(tmp_path):
    pem = certificate(tmp_path)
    with Proxy() as proxy, HttpListener(tls=pem) as hook:
        address = f"http://night:${{HOOK}}@127.0.0.1:{proxy.port}"
        assert told({"kind": "webhook", "url": "http://hooks.example/x", "proxy": address}).ok
        assert told({"kind": "webhook", "url": hook.url("/y"), "proxy": address, "ca_file": str(pem)}).ok
    (plain, plain_headers), (tunnel, tunnel_headers) = proxy.heard
    assert plain == "POST http://hooks.example:80/x HTTP/1.1"
    assert tunnel.startswith(f"CONNECT 127.0.0.1:{hook.port}")
    assert plain_headers["Proxy-Authorization"] == tunnel_headers["Proxy-Authorization"]
    assert "Proxy-Authorization" not in hook.heard[0].headers


def test_the_proxy_of_the_environment_is_used_only_when_asked_for(monkeypatch):
    with Proxy() as proxy, HttpListener() as hook:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "inside.example")
        assert told({"kind": "webhook", "url": hook.url()}).ok
        assert not proxy.heard
        assert told({"kind": "webhook", "url": "http://hooks.example/", "proxy": "environment"}).ok
    assert len(proxy.heard) == 1


def test_one_deaf_channel_does_not_keep_the_others_from_hearing():
    with HttpListener("hang") as deaf, HttpListener() as good:
        channels = read_channels(
            {
                "deaf": {"kind": "webhook", "url": deaf.url(), "timeout_seconds": 1, "tries": 1},
                "unset": {"kind": "webhook", "url": good.url(), "secret": "${NOT_SET_ANYWHERE}"},
                "good": {"kind": "webhook", "url": good.url()},
            }
        )
        deliveries = tell(FAILED, channels, environment={})
    assert [(delivery.name, delivery.ok, delivery.attempts) for delivery in deliveries] == [
        ("deaf", False, 1),
        ("unset", False, 0),
        ("good", True, 1),
    ]
    assert deliveries[1].detail == "the environment variable NOT_SET_ANYWHERE is not set"
