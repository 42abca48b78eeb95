import gzip
import http.client
import subprocess
import sys
import threading

import pytest
from protego import Protego

from newsarchive.demo.server import DemoServer, Fault

STORY = "/business/ropeworks-hires-sixty-8841"


def get(demo, target, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=10)
    try:
        connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.fixture
def demo():
    with DemoServer() as server:
        yield server


def test_the_server_notes_every_answer_in_order(demo):
    get(demo, "/")
    get(demo, "/nowhere")
    assert demo.requests == [("/", 200), ("/nowhere", 404)]
    assert demo.connect_to == f"demo-news.example:80:127.0.0.1:{demo.port}"


def test_one_connection_carries_many_requests(demo):
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=10)
    for target in ("/", STORY, "/robots.txt"):
        connection.request("GET", target)
        answer = connection.getresponse()
        assert len(answer.read()) == int(answer.headers["Content-Length"])
        assert not answer.will_close
    connection.close()


def test_validators_spare_the_body(demo):
    _, headers, _ = get(demo, STORY)
    assert get(demo, STORY, If_None_Match=headers["ETag"])[0] == 304
    assert get(demo, STORY, If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert get(demo, STORY, If_None_Match='"other"')[0] == 200
    demo.edition = 2
    assert get(demo, STORY, If_None_Match=headers["ETag"], If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_gzip_comes_only_where_it_is_accepted(demo):
    _, plain_headers, plain = get(demo, STORY)
    _, headers, packed = get(demo, STORY, Accept_Encoding="gzip, deflate")
    assert headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain_headers
    assert gzip.decompress(packed) == plain


def test_the_hook_is_called_before_each_answer():
    seen = []
    with DemoServer(on_request=lambda number, target: seen.append((number, target, len(demo.requests)))) as demo:
        get(demo, "/about/")
        get(demo, "/tides/")
    assert seen == [(1, "/about/", 0), (2, "/tides/", 1)]


def test_faults_hit_as_often_as_they_should():
    faults = {
        "/about/": Fault("drop", times=1),
        "/tides/": Fault("truncate"),
        "/contact/": Fault("status", status=503, headers=(("Retry-After", "1"),)),
        "/privacy/": Fault("slow_body", seconds=0.001),
    }
    with DemoServer(faults=faults) as demo:
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            get(demo, "/about/")
        assert get(demo, "/about/")[0] == 200
        with pytest.raises(http.client.IncompleteRead):
            get(demo, "/tides/")
        status, headers, _ = get(demo, "/contact/")
        assert (status, headers["Retry-After"]) == (503, "1")
        assert len(get(demo, "/privacy/")[2]) > 100
    assert ("/about/", 0) in demo.requests


def test_leaving_the_server_ends_idle_connections():
    with DemoServer() as demo:
        connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=10)
        connection.request("GET", "/")
        connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    connection.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "demo"]


def test_serving_the_paper_loads_neither_crawler_nor_parser():
    code = "import sys, newsarchive.demo.server, newsarchive.demo.judge; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scrapy", "twisted", "sqlite3", "lxml", "selectolax", "numpy", "trafilatura"} & set(loaded)


def test_robots_txt_lets_us_in_but_not_everywhere(demo):
    rules = Protego.parse(get(demo, "/robots.txt")[2].decode())
    assert rules.can_fetch(demo.origin + STORY, "newsarchive")
    assert not rules.can_fetch(demo.origin + "/private/drafts/", "newsarchive")
    assert not rules.can_fetch(demo.origin + STORY, "greedybot")
    assert 0 < rules.crawl_delay("newsarchive") < 0.1 < rules.crawl_delay("greedybot")
    assert len(list(rules.sitemaps)) == 2
