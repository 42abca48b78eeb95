from __future__ import annotations

import pytest

from newsarchive.crawl.addresses import AddressRules, is_public
from newsarchive.errors import ConfigurationError

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:0001::",
    "64:ff9b::7f00:1",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_global_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("text", ["2130706433", "0x7f.1", "example.com", ""])
def test_what_is_no_address_is_not_public(text):
    assert not is_public(text)


def test_an_allowed_host_is_allowed_on_its_port_only():
    rules = AddressRules.parse(["127.0.0.1:8000", "intranet.local"])
    assert rules.refusal("127.0.0.1", 8000, "127.0.0.1") is None
    assert "--allow-address 127.0.0.1:8001" in (rules.refusal("127.0.0.1", 8001, "127.0.0.1") or "")
    assert rules.refusal("intranet.local", 443, "10.1.2.3") is None


def test_an_address_allowed_by_number_is_allowed_for_names_that_resolve_to_it():
    assert AddressRules.parse(["127.0.0.1:8000"]).refusal("localhost", 8000, "127.0.0.1") is None


def test_connect_to_maps_one_host_and_port_and_allows_it():
    rules = AddressRules.parse(connect_to=["news.example:80:127.0.0.1:8123"])
    assert rules.target("news.example", 80) == ("127.0.0.1", 8123)
    assert rules.target("news.example", 443) == ("news.example", 443)
    assert rules.refusal("news.example", 80, "127.0.0.1") is None
    assert rules.refusal("other.example", 80, "127.0.0.1") is not None


def test_connect_to_takes_ipv6_in_brackets():
    assert AddressRules.parse(connect_to=["news.example:443:[::1]:8443"]).target("news.example", 443) == ("::1", 8443)


@pytest.mark.parametrize("text", ["", "a:b", "a:80:b", "a:80:b:99999", "a:x:b:80", "a:80:b:80:c"])
def test_a_malformed_connect_to_is_refused_with_an_example(text):
    with pytest.raises(ConfigurationError, match=r"example\.com:443"):
        AddressRules.parse(connect_to=[text])


@pytest.mark.parametrize("text", ["", "http://x", "a/b", "u@h", "h:99999"])
def test_a_malformed_allow_address_is_refused_with_an_example(text):
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:8000"):
        AddressRules.parse([text])
