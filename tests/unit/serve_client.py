"""A browser's requests to the web page, without a network."""

from __future__ import annotations

import asyncio
from contextlib import closing

import httpx

from newsarchive.serve.application import WebPage
from newsarchive.serve.guard import LOOPBACK

HOST = "http://127.0.0.1:8765"


def visit(path, *addresses, hosts=LOOPBACK, method="GET", headers=None):
    """The answers of the web page of the archive at `path`, one for each address."""
    with closing(WebPage(path, hosts)) as page:
        return asyncio.run(_requests(page.application, addresses, method, headers))


async def _requests(application, addresses, method, headers):
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        return [await client.request(method, address, headers=headers) for address in addresses]
