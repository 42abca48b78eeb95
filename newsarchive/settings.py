"""Scrapy's settings. Read by Scrapy alone (scrapy.cfg, `newsarchive crawl`); each has its reason in docs/reference/settings.md."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from newsarchive.version import __version__

_root = Path(__file__).resolve().parent.parent
if (Path(__file__).resolve().parent / "spiders").is_dir():
    SPIDER_MODULES = ["newsarchive.spiders"]
else:
    _spec = find_spec("spiders")
    if _spec is None or not _spec.origin or Path(_spec.origin).resolve().parent != _root / "spiders":
        sys.path.insert(0, str(_root))
    SPIDER_MODULES = ["spiders"]

BOT_NAME = "newsarchive"
USER_AGENT = f"newsarchive/{__version__}"
ROBOTSTXT_USER_AGENT = "newsarchive"
CONTACT = os.environ.get("NEWSARCHIVE_CONTACT")
ARCHIVE = None  # the default of `newsarchive crawl`
ALLOW_ADDRESSES: list[str] = []
CONNECT_TO: list[str] = []

# The way of a request.
SCHEDULER = "newsarchive.crawl.scheduler.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
EXTENSIONS = {
    "newsarchive.crawl.session.CrawlSession": 0,
    "newsarchive.crawl.throttle.Throttle": 10,
    "newsarchive.crawl.browser.Renderer": 20,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.logstats.LogStats": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsarchive.crawl.guards.AddressGuard": 40,
    "newsarchive.crawl.robots.RobotsMiddleware": 100,
    "newsarchive.crawl.profiles.ProfileMiddleware": 450,  # after the default headers, which a profile may change
    "newsarchive.crawl.login.LoginMiddleware": 455,
    "newsarchive.crawl.proxies.ProxyMiddleware": 460,
}
ITEM_PIPELINES = {"newsarchive.crawl.pipelines.ArchivePipeline": 100}
TWISTED_DNS_RESOLVER = "newsarchive.crawl.resolver.GuardedResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Politeness.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_ITEMS = 1  # an answer gives one capture; Scrapy would start a hundred tasks for each
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
RETRY_ENABLED = False  # the frontier tries again, with the page's state kept
RETRY_TIMES = 1

# Limits against hostile answers.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
SOURCE_MAXSIZE = 50 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_ENABLED = False  # redirects are outcomes of their own: the frontier follows them
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
JOBDIR = None
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"
DOWNLOAD_HANDLERS = {
    "http": "newsarchive.crawl.download.HeaderLimitHandler",
    "https": "newsarchive.crawl.download.HeaderLimitHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DNS_TIMEOUT = 20
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1500
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "*",
}
URLLENGTH_LIMIT = 2083

LOG_LEVEL = "INFO"
STATS_DUMP = False
WORKERS = 0  # worker processes for reading pages; 0 means one for each core
