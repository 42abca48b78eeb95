"""Who is crawling: a public host is not crawled without a way to reach the operator."""

from __future__ import annotations

from newsarchive.crawl.addresses import AddressRules, is_public
from newsarchive.crawl.guards import port_of
from newsarchive.errors import ConfigurationError
from newsarchive.model.run import CrawlPlan
from newsarchive.options import parse_contact
from newsarchive.version import __version__


def is_local(plan: CrawlPlan) -> bool:
    """Whether every seed is on an address that the operator allowed or mapped, or that is not public anyway."""
    rules = AddressRules.parse(plan.allow_addresses, plan.connect_to)
    return all(_is_local_host(rules, *port_of(url)) for url in plan.seeds)


def _is_local_host(rules: AddressRules, host: str, port: int) -> bool:
    digits = host.replace(".", "").isdigit() or ":" in host
    return rules.is_allowed(host, port) or host == "localhost" or (digits and not is_public(host))


def check_contact(plan: CrawlPlan) -> None:
    """Raise ConfigurationError when a public host is to be crawled without a contact, or the contact cannot be one."""
    if plan.contact:
        parse_contact(plan.contact)
    elif not is_local(plan):
        raise ConfigurationError(
            "a crawl of a public site needs your e-mail address or web page, so that its operator can reach you: "
            "give --contact you@example.org (make crawl: CONTACT=you@example.org) or set NEWSARCHIVE_CONTACT"
        )


def user_agent(contact: str | None) -> str:
    """The User-Agent header: name, version and contact."""
    return f"newsarchive/{__version__}" + (f" (+{contact})" if contact else "")
