"""One arrow: dashboard → scrutiny → improvement → performance."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["performance", "improvement", "scrutiny", "dashboard"]


def forbidden(app: str) -> set[str]:
    return set(ORDER[ORDER.index(app) + 1 :])


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("app", ["performance", "improvement"])
def test_no_import_points_up(app):
    files = sorted((ROOT / app).rglob("*.py"))
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path) & forbidden(app)
    ]
    assert wrong == []


@pytest.mark.parametrize("app", ["performance", "improvement"])
def test_no_foreign_key_points_up(app):
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model._meta.app_label in forbidden(app)
        # People are Django's own swappable model, wherever it lives.
        and field.related_model is not apps.get_model("dashboard.User")
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ["calculations", "charts"])
def test_the_pure_rooms_know_neither_django_nor_the_clock(room):
    files = sorted((ROOT / "performance" / room).rglob("*.py"))
    assert files
    for path in files:
        assert not imported(path) & {"django", "pandas", "improvement"}, path
        assert "today()" not in path.read_text(), path
        assert "now()" not in path.read_text(), path


def test_standing_is_pure():
    assert "django" not in imported(ROOT / "improvement" / "standing.py")


def test_the_code_does_not_know_which_council_it_serves():
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("performance", "improvement", "dashboard", "templates", "static/css")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".css"} and "olverhampton" in path.read_text()
    ]
    assert wrong == []


def test_no_file_of_ours_is_past_400_lines():
    wrong = [
        str(path.relative_to(ROOT))
        for app in ("performance", "improvement", "dashboard")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 400
    ]
    assert wrong == []
