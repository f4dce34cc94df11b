"""The data admin, who loads the figures."""

import pytest


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")
