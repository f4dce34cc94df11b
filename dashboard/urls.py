from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from dashboard.account_urls import account_patterns
from dashboard.people_urls import people_patterns
from dashboard.views import figures, health, ownership, pages
from dashboard.views.account import sign_in
from improvement.urls import urlpatterns as plans_own_patterns
from performance.urls import annotation_patterns, load_patterns, reference_patterns

plan_patterns = [
    path("", pages.plan, name="plan"),
    path("themes/<slug:slug>/", pages.theme, name="theme"),
    path("actions/<reference:reference>/", pages.action, name="action"),
    path("ownership/", ownership.ownership, name="ownership"),
    *plans_own_patterns,
]

performance_patterns: list[URLPattern | URLResolver] = [
    path("", figures.indicators, name="indicators"),
    path("indicators/<slug:code>/", figures.indicator, name="indicator"),
    path("loads/", include(load_patterns)),
    path("data-quality/", figures.data_quality, name="data-quality"),
    path("annotations/", include(annotation_patterns)),
    path("reference/", include(reference_patterns)),
]

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("judgements/<slug:slug>/", pages.judgement, name="judgement"),
    path("plan/", include((plan_patterns, "improvement"))),
    path("performance/", include((performance_patterns, "performance"))),
    path("glossary/", pages.glossary, name="glossary"),
    path("about-the-data/", pages.about_the_data, name="about-the-data"),
    path("people/", include(people_patterns)),
    path("account/", include(account_patterns)),
    path("sign-in/", sign_in, name="sign-in"),
    # The name by which django-allauth finds it.
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="sign-out"),
    path("admin/", admin.site.urls),
    path("healthz/", health.healthz, name="healthz"),
    path("readyz/", health.readyz, name="readyz"),
]

handler404 = "dashboard.views.pages.not_found"
handler500 = "dashboard.views.errors.server_error"
handler429 = "dashboard.views.errors.too_many_requests"
