"""Mails through a server on loopback: protected, with a login, and every way it can fail."""

from __future__ import annotations

import email
import email.policy
import re
import time
from dataclasses import asdict

import pytest
from listeners import SmtpListener, certificate, closed_port
from notices import ALARMING, FAILED, ODD

from newsarchive.nightly.channels import read_channels
from newsarchive.nightly.notify import Delivery, tell

PASSWORD = "correct horse battery"


def told(port: int, notice=FAILED, **table) -> Delivery:
    values = {
        "kind": "email",
        "when": "always",
        "host": "127.0.0.1",
        "port": port,
        "sender": "night@press.example",
        "recipients": ["desk@press.example", "it@press.example"],
        "timeout_seconds": 5,
        **table,
    }
    channels = read_channels({"desk": values})
    return tell(notice, channels, environment={"SMTP_PASSWORD": PASSWORD}, sleep=lambda seconds: None)[0]


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def login(pem) -> dict[str, str]:
    return {"username": "night", "password": "${SMTP_PASSWORD}", "ca_file": str(pem)}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_out_over_tls_with_a_login(security, pem):
    with SmtpListener(**{security: pem}) as server:
        delivery = told(server.port, security=security, **login(pem))
    assert (delivery.ok, delivery.detail) == (True, "accepted")
    mail = server.mails[0]
    assert mail.secured
    assert mail.login == f"night:{PASSWORD}"
    assert mail.recipients == ["desk@press.example", "it@press.example"]
    message = email.message_from_string(mail.data, policy=email.policy.default)
    assert message["Subject"] == "newsarchive failed: harbour.example (15 new articles of 2 sites)"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "no address for harbour.example" in message.get_content()
    assert "newsarchive runs show 7" in message.get_content()


def test_the_same_night_has_the_same_message_id(pem):
    with SmtpListener() as server:
        for notice in (FAILED, FAILED, ALARMING):
            assert told(server.port, notice, security="none").ok
    ids = [email.message_from_string(mail.data)["Message-ID"] for mail in server.mails]
    assert ids[0] == ids[1] != ids[2]


def test_hostile_text_stays_in_its_line():
    with SmtpListener() as server:
        assert told(server.port, ODD, security="none").ok
    data = server.mails[0].data
    message = email.message_from_string(data, policy=email.policy.default)
    assert len(message.get_all("Subject")) == len(message.get_all("To")) == 1
    for text in (str(message["Subject"]), message.get_content()):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_login_is_never_sent_without_tls(pem):
    with SmtpListener() as server:
        delivery = told(server.port, security="starttls", **login(pem))
    assert not delivery.ok
    assert "cannot do what is configured" in delivery.detail
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


def test_a_certificate_that_is_not_trusted_stops_the_mail(pem):
    for security in ("starttls", "tls"):
        with SmtpListener(**{security: pem}) as server:
            delivery = told(server.port, security=security)
        assert (delivery.ok, delivery.attempts, server.mails) == (False, 1, [])
        assert "certificate of 127.0.0.1 is not trusted" in delivery.detail


@pytest.mark.parametrize(
    ("replies", "attempts", "words"),
    [
        ({"AUTH": f"535 no: {PASSWORD}"}, 1, "answered 535"),
        ({"AUTH": "454 later"}, 3, "answered 454"),
        ({"MAIL": "550 not from you"}, 1, "refused"),
        ({"RCPT": "550 nobody here"}, 1, "refused all recipients (550)"),
        ({"RCPT": "451 later"}, 3, "refused all recipients (451)"),
        ({"DATA": "554 no"}, 1, "answered 554"),
        ({".": "452 full"}, 3, "answered 452"),
        ({"CONNECT": "421 busy"}, 3, "answered 421"),
    ],
)
def test_refusals_are_recorded_and_raise_nothing(replies, attempts, words, pem):
    with SmtpListener(starttls=pem, replies=replies) as server:
        delivery = told(server.port, **login(pem))
    assert (delivery.ok, delivery.attempts) == (False, attempts)
    assert words in delivery.detail or "answered 550" in delivery.detail
    assert PASSWORD not in str(asdict(delivery))
    assert not server.mails


def test_one_recipient_that_is_refused_does_not_keep_the_mail_from_the_other():
    with SmtpListener(replies={"RCPT it@press.example": "550 nobody here"}) as server:
        delivery = told(server.port, security="none")
    assert delivery.ok
    assert delivery.detail == "accepted; refused for 1 of 2 recipients"
    assert server.mails[0].recipients == ["desk@press.example"]


@pytest.mark.parametrize("place", ["CONNECT", "EHLO", "DATA"])
def test_a_server_that_hangs_costs_the_time_of_its_tries(place):
    with SmtpListener(replies={place: "hang"}) as server:
        began = time.monotonic()
        delivery = told(server.port, security="none", timeout_seconds=1, tries=1)
    assert time.monotonic() - began < 4
    assert not delivery.ok
    assert re.search("did not answer within 1 s|timed out", delivery.detail)


def test_nobody_at_the_door_is_recorded():
    with closed_port() as port:
        delivery = told(port, security="none")
    assert (delivery.ok, delivery.attempts) == (False, 3)
    assert "no mail through 127.0.0.1" in delivery.detail
