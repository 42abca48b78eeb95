"""Every fixture page gives its expected record; failures are reported per field."""

import pytest
from records import differences, fixtures

from newsarchive.extractors.api import explain

EXACT = [fixture for fixture in fixtures() if not fixture.meta.get("floor")]


@pytest.mark.parametrize("fixture", EXACT, ids=[fixture.name for fixture in EXACT])
def test_a_fixture_gives_its_expected_record(fixture):
    extraction = explain(fixture.page, fixture.url)
    assert extraction.is_article
    wrong = differences(fixture.expected, extraction.article.as_record())
    assert not wrong, "\n".join(f"{field}: {message}" for field, messages in wrong.items() for message in messages)
