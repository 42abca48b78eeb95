"""Whole pages that are hard on parsers and extractors, read as a worker reads them: within the clock, in linear time, without a fault."""

import time

import pytest

from newsarchive.model.page import Page
from newsarchive.workers.job import Job, perform
from newsarchive.workers.pool import PAGE_SECONDS

START = "<!doctype html><html><head><title>The harbour is open</title></head><body><h1>The harbour is open</h1>"
STORY = "<p>The harbour is open again, and the ferry carries bicycles for nothing at all this week, the office said.</p>"

REPEATED = {
    "list items": lambda i: f'<li><a href="/a/boat-number-of-many-{i}">Boat number {i} has come in</a>',
    "linked paragraphs": lambda i: f'<p><a href="/a/boat-number-of-many-{i}">Boat number {i} has come in</a></p>',
    "cards": lambda i: (
        f'<div class="teaser"><span>News</span><h3><a href="/n/boat-of-number-{i}">Boat of number {i}</a></h3><p>It came.</p>'
        "<time>1 May 2026</time></div>"
    ),
    "headings": lambda _: "<h2>Heading of things</h2>",
    "cells": lambda _: "<table><tr><td>cell of words</td><td>b</td></tr></table>",
    "pictures": lambda i: f'<figure><img src="/{i}.jpg"><figcaption>A boat</figcaption></figure>',
    "bylines": lambda _: '<p class="byline">By Anna Harbour and Otto Crane</p>',
    "dates": lambda _: '<time datetime="2026-01-02T03:04:05Z">2 January 2026</time>',
    "paragraphs": lambda _: STORY,
    "JSON-LD": lambda i: f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "x{i}"}}</script>',
    "states": lambda i: f'<script>window.__STATE__={{"a": {{"text": "some words {i} in here"}}}}</script>',
    "breaks": lambda _: "line of text here<br>",
    "spans": lambda _: "<span>word</span> ",
    "comments": lambda i: f'<div class="comment"><b>Otto</b><p>I saw boat {i} myself.</p></div>',
}

ABSURD = {
    "attributes": START + "<p " + " ".join(f"a{i}=1" for i in range(250_000)) + ">x</p>" + STORY,
    "depth": START + "<div>" * 100_000 + STORY,
    "left open": START + "<p>" + "".join(f"<b a={i}>" for i in range(500)) + "</p>" + "<p>xyz" * 60_000,
    "tags": START + "<b>x</b>" * 300_000,
    "one text": START + "<p>" + "word " * 1_500_000,
    "one word": START + "<p>" + "w" * 7_000_000,
    "JSON-LD depth": START + '<script type="application/ld+json">' + '{"a":' * 200_000 + "</script>" + STORY,
    "JSON-LD brackets": START + '<script type="application/ld+json">' + "[" * 2_000_000 + "</script>" + STORY,
    "state depth": START + "<script>window.__STATE__=" + '{"a":' * 300_000 + "</script>" + STORY,
    "braces": START + "<script>" + "{" * 3_000_000 + "</script>" + STORY,
    "quotes": START + '<script>var a="' + '\\"' * 2_000_000 + "</script>" + STORY,
    "dashes": START + "<p>" + "-" * 3_000_000,
    "spaces": START + "<p>" + " " * 6_000_000 + "x",
    "references": START + "<p>" + "&nbsp;" * 1_000_000 + "x",
    "accents": START + "<p>a" + "\u0301" * 1_000_000,
    "title": "<html><head><title>" + "A | B - " * 300_000 + "</title></head><body>" + STORY,
    "names": "<html><body><h1>" + "By " * 500_000 + "</h1>" + STORY,
    "classes": START + '<div class="' + "ad teaser " * 300_000 + '">' + STORY,
    "digits": START
    + '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"'
    + "1" * 1_000_000
    + '"}</script>'
    + STORY,
}


def seconds_for(html: str) -> float:
    started = time.process_time()
    result = perform(Job(page=Page(url="http://demo.example/2026/01/02/harbour", body=html.encode())))
    assert result.kind in {"article", "not_article", "listing", "unreadable"}
    return time.process_time() - started


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_page_is_read_within_the_clock(name):
    assert seconds_for(ABSURD[name]) < PAGE_SECONDS


@pytest.mark.long
@pytest.mark.parametrize("name", REPEATED)
def test_four_times_the_page_takes_little_more_than_four_times_as_long(name):
    piece = REPEATED[name]
    seconds_for(START + STORY * 5 + "".join(map(piece, range(200))))
    small = min(seconds_for(START + STORY * 5 + "".join(map(piece, range(2000)))) for _ in range(2))
    large = seconds_for(START + STORY * 5 + "".join(map(piece, range(8000))))
    assert large < 4 * small * 2 + 0.5
