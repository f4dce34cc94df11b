"""A refusal is kept whatever the cells held that it quotes."""

import pytest

from performance.importer.incoming import Source
from performance.importer.loading import screen
from performance.models import Load

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "content",
    [
        b"series,period,value\nsgo-made.council,2012/13,\x00\n",
        b"series,period,value\nsgo-made.council,2012/13," + b"x" * 1_000_000 + b"\n",
        b'series,period,value\n"sgo-\x07made.council",2012/13,3\n',
        b"series,period,value," + b"x" * 100_000 + b"\nsgo-made.council,2012/13,3,4\n",
    ],
)
def test_a_refusal_quotes_no_more_than_can_be_kept_and_read(content):
    load = screen(Source("quarter.csv", content), by=None)
    load = Load.objects.get(pk=load.pk)
    assert load.state == Load.State.REFUSED
    [problem] = load.report["problems"]
    assert all(len(problem[part]) < 1_000 for part in ("found", "column", "expected"))
    assert (problem["column"] + problem["found"] + problem["expected"]).isprintable()
