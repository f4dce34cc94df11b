"""The data admin, who loads the figures, and the indicators’ pages as their readers have them."""

import pytest

from tests.performance.pages_read import DAYS, read_pages


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


@pytest.fixture(params=DAYS, ids=str)
def pages(request, db):
    found = read_pages(request.param)
    assert len(found) > 25
    return found
