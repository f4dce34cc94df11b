import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
# This process lives on after an answer, so it may send the e-mails that a page has queued.
os.environ["SERVES_PAGES"] = "yes"
application = get_wsgi_application()
