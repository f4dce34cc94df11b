"""The site's own settings, with the yardstick beside it: Django's admin list of measurements."""

import os

from dashboard.settings import *  # noqa: F403
from dashboard.settings import DATABASES

ROOT_URLCONF = "measuring.urls"
# Whoever looks at the yardstick signs in without a phone.
SECOND_FACTOR_REQUIRED = False

# The databases are made by the one process and served by others, which are told their name.
DATABASES["default"]["TEST"] = {"NAME": "scrutiny_bench"}
if name := os.environ.get("MEASURED_DATABASE"):
    DATABASES["default"]["NAME"] = name
