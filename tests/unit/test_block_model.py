# ruff: noqa: E501 - sentences and pages read better unbroken
import hashlib
import json

import numpy as np

from newsarchive.extractors.block_arrays import Evidence
from newsarchive.extractors.block_model import BODY_LABELS, LABELS, WEIGHTS, judge_blocks, load_net, scaled
from newsarchive.pages.read import read_page

PARAGRAPH = "The ferry to the outer islands will not sail before Easter, the harbour master said on Monday, because the new engine has not come, and the old one is in pieces on the quay. "


def page():
    menu = "<nav><ul><li><a href='/a'>Town</a></li><li><a href='/b'>Harbour</a></li></ul></nav>"
    text = "".join(f"<p>{PARAGRAPH}{number}</p>" for number in range(6))
    notice = "<footer><p>All texts are the property of the Quay Lantern.</p></footer>"
    return f"<html><body>{menu}<article><h1>No ferry before Easter</h1>{text}</article>{notice}</body></html>"


def test_the_weights_are_those_that_their_description_names():
    about = json.loads(WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == about["sha256"]
    assert about["labels"] == list(LABELS)
    assert about["features"] == len(load_net(WEIGHTS).names)
    assert all(about["cross_validated"][name] > 0.95 for name in ("scrapinghub", "fundus", "wcxb"))


def test_every_block_has_a_probability_and_a_label():
    document = read_page(page().encode(), "https://lantern.example/ferry")
    judgement = judge_blocks(document, Evidence(title="No ferry before Easter"))
    found = {block.text: (judgement.body[block.index], judgement.labels[block.index]) for block in document.blocks}
    assert found["Town"][0] < 0.1
    assert found["Town"][1] == "navigation"
    assert found["No ferry before Easter"][1] == "headline"
    assert found[PARAGRAPH + "3"][0] > 0.9
    assert found[PARAGRAPH + "3"][1] in LABELS[:BODY_LABELS]
    assert found["All texts are the property of the Quay Lantern."][1] == "tail"


def test_a_page_without_text_has_no_labels():
    document = read_page(b"<html><body><img src='a.png'></body></html>", "https://lantern.example/ferry")
    assert judge_blocks(document, Evidence()).labels == []


def test_folding_the_scale_into_the_first_layer_changes_no_probability():
    with np.load(WEIGHTS, allow_pickle=False) as data:
        mean, scale = data["mean"], data["scale"]
        weights = [data[f"{kind}{number}"].astype(np.float32) for number in range(2) for kind in "wb"]
    net = load_net(WEIGHTS)
    rows = np.random.default_rng(0).integers(0, 2, (20, len(net.names))).astype(np.float32)
    hidden = np.maximum(scaled(rows, mean, scale) @ weights[0] + weights[1], 0)
    logits = (hidden @ weights[2] + weights[3]).reshape(20, -1, 1 + len(LABELS))
    assert np.allclose(net.outputs(rows)[0], (0.5 + 0.5 * np.tanh(0.5 * logits[:, :, 0])).mean(axis=1), atol=1e-4)
