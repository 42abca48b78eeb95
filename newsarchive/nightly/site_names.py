"""What a site is called in schedules, run records and alarms."""

from __future__ import annotations

from newsarchive.discovery.scope import site_of
from newsarchive.sites.profile import Profiles


def site_name(host: str, profiles: Profiles) -> str:
    """The name of the profile that covers a host (with its port, as `urls.host_of` gives it); without one, its registrable domain."""
    address = f"http://{host}/"
    profile = profiles.for_url(address)
    return site_of(address) if profile is None else profile.name
