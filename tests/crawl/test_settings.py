from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from conftest import environment
from loopback import Answer, Site, article_html

EXPECTED = {
    "DOWNLOAD_MAXSIZE": 8 * 1024 * 1024,
    "SOURCE_MAXSIZE": 50 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 30,
    "RETRY_TIMES": 1,
    "RETRY_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "REDIRECT_MAX_TIMES": 5,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "JOBDIR": None,
    "HTTPCACHE_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "REFERRER_POLICY": "no-referrer",
    "REFERER_ENABLED": False,
    "MEMUSAGE_ENABLED": True,
    "MEMUSAGE_LIMIT_MB": 1500,
    "AUTOTHROTTLE_ENABLED": True,
}


def test_the_settings_that_hold_against_a_hostile_web_are_in_force_in_a_running_crawler(tmp_path):
    script = str(Path(__file__).parent / "effective_settings.py")
    with Site({"/": Answer(article_html(1))}) as served:
        done = subprocess.run(
            [sys.executable, script, served.url + "/", str(tmp_path / "a.db"), served.allow, *EXPECTED],
            capture_output=True, text=True, timeout=60, env=environment(tmp_path),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert {name: seen[name] for name in EXPECTED} == EXPECTED
    assert seen["schemes"] == ["http", "https"]
    assert seen["resolver"] == "GuardedResolver"
    assert [slot[0] for slot in seen["slots"].values()] == [2]
    assert {"AddressGuard", "RobotsMiddleware"} <= set(seen["middlewares"])
    unwanted = {
        "CookiesMiddleware",
        "RedirectMiddleware",
        "MetaRefreshMiddleware",
        "RetryMiddleware",
        "HttpProxyMiddleware",
        "RobotsTxtMiddleware",
    }
    assert not unwanted & set(seen["middlewares"])
    assert {"CrawlSession", "Throttle", "MemoryUsage"} <= set(seen["extensions"])
    assert not {"TelnetConsole", "RemoteControl", "SpiderState"} & set(seen["extensions"])


def test_every_setting_has_its_reason_in_the_reference():
    from newsarchive import settings

    reference = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")
    missing = [name for name in vars(settings) if name.isupper() and f"`{name}`" not in reference]
    assert not missing
