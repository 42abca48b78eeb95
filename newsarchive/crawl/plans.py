"""From a plan to Scrapy's settings, and from Scrapy's settings to a plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings, Settings

from newsarchive.crawl.contact import is_local, user_agent
from newsarchive.discovery.classify import classify
from newsarchive.errors import ConfigurationError
from newsarchive.locations import default_archive
from newsarchive.model.candidate import UrlKind
from newsarchive.model.run import CrawlPlan

_OF_THE_PROCESS = {"allow_addresses": "ALLOW_ADDRESSES", "connect_to": "CONNECT_TO"}
"""Plan field -> setting: the resolver is the process's, so spider arguments come too late for these."""


def settings_of(plan: CrawlPlan, log_level: str) -> Settings:
    """Scrapy's settings for a plan: those of the project, with what the plan says."""
    settings = Settings()
    settings.setmodule("newsarchive.settings", priority="project")
    settings.update({"LOG_LEVEL": log_level, "LOG_INSTALL_ROOT_HANDLER": False}, priority="cmdline")
    settings.update({"ALLOW_ADDRESSES": list(plan.allow_addresses), "CONNECT_TO": list(plan.connect_to)}, priority="cmdline")
    apply_plan(plan, settings)
    return settings


def apply_plan(plan: CrawlPlan, settings: BaseSettings) -> None:
    """Set what a plan says about manners: user agent, delay, concurrency. A plan for our own machine needs no delay."""
    delay = plan.delay_seconds
    if delay is None and is_local(plan):
        delay = 0.0
    chosen: dict[str, Any] = {"USER_AGENT": user_agent(plan.contact)}
    if delay is not None:
        chosen |= {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}
    if plan.concurrency_per_host is not None:
        chosen["CONCURRENT_REQUESTS_PER_DOMAIN"] = plan.concurrency_per_host
        chosen["AUTOTHROTTLE_TARGET_CONCURRENCY"] = float(plan.concurrency_per_host)
    settings.update(chosen, priority="cmdline")


def plan_of_settings(settings: BaseSettings, seeds: list[str], options: dict[str, Any]) -> CrawlPlan:
    """The plan of a crawl that was started with `scrapy crawl`. Raises ConfigurationError for arguments that come too late."""
    for name, setting in _OF_THE_PROCESS.items():
        if name in options:
            raise ConfigurationError(f"-a {name}=... comes too late for `scrapy crawl`; give it as a setting: -s {setting}=...")
    fields: dict[str, Any] = {
        "archive": Path(settings.get("ARCHIVE") or default_archive()),
        "contact": settings.get("CONTACT"),
        "allow_addresses": settings.getlist("ALLOW_ADDRESSES"),
        "connect_to": settings.getlist("CONNECT_TO"),
        **options,
    }
    return CrawlPlan(seeds=seeds, command="scrapy crawl", **fields)


def seed_kind(url: str) -> UrlKind:
    """What a seed is expected to be, by its address alone."""
    kind = classify(url).kind
    return kind if kind in ("feed", "sitemap", "listing") else "page"


def plan_record(plan: CrawlPlan) -> dict[str, Any]:
    """The plan in plain values, for the run's row: it tells whether an unfinished run is the same job."""
    record = asdict(plan)
    record["archive"] = str(plan.archive)
    record["sites"] = str(plan.sites) if plan.sites else None
    for name in ("since", "until"):
        record[name] = record[name].isoformat() if record[name] else None
    return record
