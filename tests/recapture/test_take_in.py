"""`newsarchive import` and `newsarchive warc` as a user runs them."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import warc_samples as samples
from program import Program, record

from newsarchive.archive.verify import verify

KILLED_AT_COMMIT = """
import os, signal, sys
from newsarchive.archive import importing
from newsarchive.recapture import take_in
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what it puts in the background with SIGINT ignored
count, save = 0, importing.Importer.save
def killing(*given, **named):
    global count
    if count == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGINT) if os.environ.get("GENTLY") else os.killpg(0, signal.SIGKILL)
    count += 1
    return save(*given, **named)
importing.Importer.save = killing
take_in.BATCH = 5
from newsarchive.cli.main import main
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def cc_news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cc") / "CC-NEWS-20260501000000-00001.warc.gz"
    path.write_bytes(samples.gzipped(samples.cc_news()))
    return path


@pytest.fixture(scope="module")
def taken_in(cc_news: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An archive of the whole file."""
    program = Program(tmp_path_factory.mktemp("whole"))
    program.take_in(cc_news)
    return program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_a_cc_news_file_comes_in_with_one_outcome_for_each_address(taken_in, cc_news, tmp_path):
    again = Program(tmp_path)
    report = again.take_in(cc_news)
    assert report["outcomes"] == samples.CC_NEWS_OUTCOMES
    assert report["passed"] == {
        "metadata": 36, "request": 36, "warcinfo": 1, "dns: address": 1, "image/png": 1, "revisit": 1, "text/plain": 1,
    }  # fmt: skip
    assert (report["faults"], report["records"], report["collections"]) == (0, len(samples.cc_news()), 1)
    assert again.query("SELECT count(*) FROM outcome") == [(sum(samples.CC_NEWS_OUTCOMES.values()),)]
    assert verify(again.archive).is_sound
    assert record(again.archive) == record(taken_in.archive)


def test_captures_have_the_moment_of_their_record(taken_in):
    url = "https://www.harbour-herald.example/news/2026/entry-6"
    assert taken_in.query("SELECT first_seen, last_seen FROM article WHERE url=?", url) == [("2026-05-02T00:15:00Z",) * 2]
    assert taken_in.query("SELECT fetched_at, status, content_type FROM fetch WHERE url=?", url) == [
        ("2026-05-02T00:15:00Z", 200, "text/html; charset=utf-8")
    ]


def test_opt_outs_are_obeyed_and_cut_pages_not_stored(taken_in):
    host = "https://www.harbour-herald.example"
    assert taken_in.query("SELECT url FROM outcome WHERE outcome='opted_out' ORDER BY url") == [(f"{host}/noai",), (f"{host}/reserved",)]
    assert taken_in.query("SELECT outcome, raw_id FROM fetch WHERE url=?", f"{host}/cut") == [("truncated", None)]


def test_taking_in_the_same_file_twice_adds_nothing(cc_news, taken_in, program):
    shutil.copy(taken_in.archive, program.archive)
    before = record(program.archive)
    captures = program.query("SELECT count(*) FROM fetch")
    report = program.take_in(cc_news)
    assert report["known"] == report["pages"] == sum(samples.CC_NEWS_OUTCOMES.values())
    assert record(program.archive) == before
    assert program.query("SELECT count(*) FROM fetch") == captures
    assert verify(program.archive).is_sound


def damaged(data: bytes) -> bytes:
    """Noise between two records, one record overwritten, the last one cut off."""
    members = [gzip.compress(item, mtime=0) for item in samples.cc_news()]
    assert b"".join(members) == data
    hit = members[60]
    members[60] = hit[:200] + b"\xde\xad\xbe\xef" * 20 + hit[280:]
    return b"".join([*members[:40], bytes(range(256)) * 12, *members[40:]])[:-20]


def test_of_a_damaged_copy_everything_whole_comes_in(cc_news, taken_in, program):
    path = program.folder / "damaged.warc.gz"
    path.write_bytes(damaged(cc_news.read_bytes()))
    report = program.take_in(path)
    assert report["faults"] == 3
    assert [fault["offset"] > 0 and bool(fault["reason"]) for fault in report["shown_faults"]] == [True] * 3
    missing = set(record(taken_in.archive)) - set(record(program.archive))
    assert {line.split()[0] for line in missing} <= {"article", "raw", "cluster"}
    assert len([line for line in missing if line.startswith("article ")]) <= 1
    assert verify(program.archive).is_sound
    program.take_in(cc_news)
    assert record(program.archive) == record(taken_in.archive)
    assert verify(program.archive).is_sound


@pytest.mark.parametrize("commit", [0, 5])
def test_a_killed_import_goes_on_where_it_stopped(cc_news, taken_in, program, commit):
    command = [
        sys.executable,
        "-c",
        KILLED_AT_COMMIT,
        str(commit),
        "import",
        str(cc_news),
        "--archive",
        str(program.archive),
        "--workers=1",
    ]
    killed = subprocess.run(command, env=program.environment, capture_output=True, start_new_session=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    had = json.loads(program.query("SELECT coalesce(stats, '{}') FROM run")[0][0]).get("pages", 0)
    assert had == 5 * commit
    report = program.take_in(cc_news)
    assert report["resumed"] is True
    assert report["outcomes"] == samples.CC_NEWS_OUTCOMES
    assert (report["known"], report["records"]) == (0, len(samples.cc_news()))
    assert program.query("SELECT status, sessions FROM run") == [("finished", 2)]
    assert record(program.archive) == record(taken_in.archive)
    assert verify(program.archive).is_sound


def test_an_interrupted_import_ends_in_order_and_goes_on(cc_news, taken_in, program):
    command = [sys.executable, "-c", KILLED_AT_COMMIT, "3", "import", str(cc_news), "--archive", str(program.archive), "--workers=1"]
    environment = {**program.environment, "GENTLY": "1"}
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, start_new_session=True, timeout=120)
    assert (stopped.returncode, "Stopped; the same command goes on" in stopped.stdout) == (130, True), stopped.stderr
    assert program.query("SELECT status FROM run") == [("interrupted",)]
    assert verify(program.archive).is_sound
    assert program.take_in(cc_news)["outcomes"] == samples.CC_NEWS_OUTCOMES
    assert record(program.archive) == record(taken_in.archive)


def test_a_file_that_changed_since_the_kill_is_read_from_its_beginning(cc_news, taken_in, program):
    path = program.folder / "growing.warc.gz"
    whole = cc_news.read_bytes()
    path.write_bytes(whole)
    command = [sys.executable, "-c", KILLED_AT_COMMIT, "4", "import", str(path), "--archive", str(program.archive), "--workers=1"]
    assert subprocess.run(command, env=program.environment, capture_output=True, start_new_session=True).returncode == -signal.SIGKILL
    path.write_bytes(samples.gzipped([samples.response("https://quayside.example/first", samples.article(99))]) + whole)
    program.take_in(path)
    assert {line for line in record(taken_in.archive) if not line.startswith("cluster ")} < set(record(program.archive))
    assert program.query("SELECT count(*) FROM article WHERE url LIKE '%/first'") == [(1,)]


def test_selections_leave_out_what_was_not_asked_for(cc_news, program):
    report = program.take_in(cc_news, "--site", "bergpost.example", "--since", "2026-05-02", "--until", "2026-05-04")
    assert report["outcomes"] == {"stored": 3}
    assert report["not_selected"] == sum(samples.CC_NEWS_OUTCOMES.values()) - 3
    report = program.take_in(cc_news, "--max", "5")
    assert (report["outcomes"]["stored"], report["end"]) == (5, "max_articles")
    assert program.query("SELECT count(*) FROM article") == [(8,)]
    program.take_in(cc_news, "--max", "5")
    assert program.query("SELECT count(*) FROM article") == [(13,)]


def test_a_dry_run_counts_and_writes_nothing(cc_news, program):
    report = program.take_in(cc_news, "--dry-run")
    assert report["outcomes"] == samples.CC_NEWS_OUTCOMES
    assert not program.archive.exists()


@pytest.mark.parametrize("form", ["plain", "gzip as a whole", "zstd with a dictionary"])
def test_every_form_gives_the_same_archive(taken_in, program, form):
    ending, pack = samples.FORMS[form]
    path = program.folder / f"a{ending}"
    path.write_bytes(pack(samples.cc_news()))
    program.take_in(path)
    assert record(program.archive) == record(taken_in.archive)


def test_a_wacz_and_a_folder_of_files_give_the_same_archive(cc_news, taken_in, program):
    items = samples.cc_news()
    collection = program.folder / "c.wacz"
    with zipfile.ZipFile(collection, "w") as file:
        file.writestr("datapackage.json", "{}", zipfile.ZIP_DEFLATED)
        file.writestr("archive/a.warc.gz", samples.gzipped(items[:50]), zipfile.ZIP_STORED)
        file.writestr("archive/b.warc", samples.plain(items[50:]), zipfile.ZIP_DEFLATED)
        file.writestr("../../outside.txt", "no", zipfile.ZIP_STORED)
    report = program.take_in(collection)
    assert report["collections"] == 2
    assert record(program.archive) == record(taken_in.archive)
    assert not (program.folder.parent.parent / "outside.txt").exists()

    folder = program.folder / "many" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.warc.gz").write_bytes(samples.gzipped(items[:50]))
    (folder.parent / "b.warc").write_bytes(samples.plain(items[50:]))
    (folder / "loop").symlink_to(folder.parent)
    other = Program(program.folder / "other")
    other.folder.mkdir()
    assert other.take_in(folder.parent)["collections"] == 2
    assert record(other.archive) == record(taken_in.archive)


@pytest.mark.parametrize("form", ["cdxj", "cdx", "cdxj.gz"])
def test_an_index_chooses_the_records(cc_news, program, form):
    shutil.copy(cc_news, program.folder / cc_news.name)
    offset, lines = 0, []
    for item in samples.cc_news():
        size = len(gzip.compress(item, mtime=0))
        if b"/entry-1" in item and b"WARC-Type: response" in item:
            fields = {
                "url": "https://x.example/",
                "status": "200",
                "length": str(size),
                "offset": str(offset),
                "filename": f"crawl/{cc_news.name}",
            }
            key = "example,x)/ 20260501093000"
            lines.append(
                f"{key} {json.dumps(fields)}"
                if "j" in form
                else f"{key} https://x.example/ text/html 200 ABC - - {size} {offset} {cc_news.name}"
            )
        offset += size
    legend = [] if "j" in form else [" CDX N b a m s k r M S V g"]
    text = "\n".join([*legend, *lines, ""]).encode()
    index = program.folder / f"index.{form}"
    index.write_bytes(gzip.compress(text) if form.endswith("gz") else text)
    report = program.take_in(index)
    assert report["outcomes"] == {"stored": 11}
    assert report["records"] == 11
    assert program.take_in(program.folder / cc_news.name, "--index", index)["known"] == 11


MAPS = {
    "urls.csv": "file,url,fetched_at\n{rows}",
    "bare.csv": "{rows}",
    "urls.tsv": "url\tfile\tfetched_at\n{rows}",
    "urls.jsonl": "{rows}",
}


@pytest.mark.parametrize("name", MAPS)
def test_a_folder_of_pages_comes_in_by_its_map(program, name):
    folder = program.folder / "pages"
    (folder / "sub").mkdir(parents=True)
    rows = []
    for number in range(4):
        file, url, moment = f"sub/{number}.html", f"https://quayside.example/{number}", f"2026-04-0{number + 1}T10:00:00Z"
        body = samples.article(number)
        (folder / file).write_bytes(gzip.compress(body) if number == 3 else body)
        match name:
            case "urls.jsonl":
                rows.append(json.dumps({"file": file, "url": url, "fetched_at": moment}))
            case "urls.tsv":
                rows.append(f"{url}\t{file}\t{moment}")
            case _:
                rows.append(f"{file},{url},{moment}")
    (program.folder / name).write_text(MAPS[name].format(rows="\n".join(rows)))
    report = program.take_in(folder, "--map", program.folder / name)
    assert report["outcomes"] == {"stored": 4}
    assert program.query("SELECT url, first_seen FROM article ORDER BY url") == [
        (f"https://quayside.example/{number}", f"2026-04-0{number + 1}T10:00:00Z") for number in range(4)
    ]
    assert program.take_in(folder, "--map", program.folder / name)["known"] == 4


def test_a_profile_says_how_imported_pages_are_read(program):
    (program.folder / "sites").mkdir()
    (program.folder / "sites" / "quayside.toml").write_text(
        'domains = ["quayside.example"]\nobey = ["noarchive"]\n[selectors]\ntitle = "p.headline"\n'
    )
    path = program.folder / "a.warc.gz"
    page = samples.article(1, extra='<p class="headline">The profile chose this</p>')
    reserved = samples.article(2, meta='<meta name="robots" content="noarchive">')
    path.write_bytes(
        samples.gzipped([samples.response("https://quayside.example/1", page), samples.response("https://quayside.example/2", reserved)])
    )
    assert program.take_in(path)["outcomes"] == {"opted_out": 1, "stored": 1}
    assert program.query("SELECT title FROM article") == [("The profile chose this",)]


def test_what_an_older_extractor_misread_is_no_edit_of_the_newer_capture(program):
    url = "https://quayside.example/misread"
    for day, extra in ((1, ""), (2, ""), (3, "<p>This paragraph was added by the publisher on the third day, and it counts.</p>")):
        path = program.folder / f"{day}.warc.gz"
        path.write_bytes(samples.gzipped([samples.response(url, samples.article(5, extra=extra), date=f"2026-05-0{day}T00:00:00Z")]))
        report = program.take_in(path)
        assert report["outcomes"] == {{1: "stored", 2: "unchanged", 3: "updated"}[day]: 1}
        with closing(sqlite3.connect(program.archive)) as connection:
            connection.execute("UPDATE article SET extractor_version='0', title='Misread', content_hash='x', body='Advertisement.'")
            connection.commit()
    assert program.query("SELECT reason, title FROM article_revision") == [("edit", samples.title(5))]


def test_a_file_whose_name_is_no_text_comes_in(program):
    path = os.fsencode(program.folder) + b"/caf\xe9.warc.gz"
    data = samples.gzipped([samples.response("https://quayside.example/1", samples.article(1))]) + b"noise"
    Path(os.fsdecode(path)).write_bytes(data)
    report = program.take_in(os.fsdecode(path))
    assert (report["outcomes"], report["faults"]) == ({"stored": 1}, 1)
    assert report["shown_faults"][0]["collection"].endswith(r"caf\udce9.warc.gz")


def test_people_read_what_came_of_it(cc_news, program):
    path = program.folder / "damaged.warc.gz"
    path.write_bytes(damaged(cc_news.read_bytes()))
    ran = program.run("import", path, "--archive", program.archive)
    assert ran.code == 0
    assert "3 damaged places were passed over:" in ran.out
    assert "No pages: " in ran.out
    assert "stored" in ran.out
