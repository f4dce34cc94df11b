"""The widths at which pages are opened: a desk's, and with `script/test --all` a phone's."""

import pytest

WIDTHS = [1280, pytest.param(375, marks=pytest.mark.slow)]
