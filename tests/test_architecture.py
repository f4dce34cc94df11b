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


@pytest.mark.parametrize("name", ["standing.py", "ownership.py"])
def test_what_the_plan_is_worked_out_by_is_pure(name):
    assert "django" not in imported(ROOT / "improvement" / name)


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


# Who may reach figures without `read_shown`, and why.
MAY_READ_FIGURES = {
    "performance/admin.py": "leaves out every series in which anything could be hidden",
    "dashboard/presenters/about.py make_about_page": "counts rows and shows no value",
    "dashboard/presenters/first_steps.py make_first_steps": "counts rows and shows no value",
    "performance/presenters/load_changed.py make_changed": "names indicators and shows no value",
    "improvement/models/paper.py with_versions": "takes ids of versions and shows no value",
    "performance/shown.py read_shown": "is the one door",
    "performance/presenters/own_figures.py read_own_figures": "asks `read_shown` for what is "
    "known, and keeps an earlier value only of series in which nothing could be hidden",
    "dashboard/presenters/citations.py make_outcomes": "hands the model to `_versions`, which "
    "asks `read_shown`",
}
LOADS = (
    "performance/importer/",
    "performance/management/",
    "performance/models/measurement",
    "improvement/importer/",
)
DOORS = {"objects", "_default_manager", "_base_manager"}


def loose_figures(source: str) -> set[str]:
    """The functions that reach `Measurement.objects`, a row's `.measurements` or hand the model
    on, otherwise than as what is asked of `read_shown`: in its call, or under a name given to it.
    Outside any function: “”."""
    tree = ast.parse(source)
    inside: dict[ast.AST, str] = {}
    shown: set[ast.AST] = set()
    for body in ast.walk(tree):
        if isinstance(body, ast.FunctionDef):
            inside |= dict.fromkeys(ast.walk(body), body.name)
            shown |= asked_of_read_shown(body)
    return {
        inside.get(node, "")
        for node in ast.walk(tree)
        if reaches_figures(node) and node not in shown
    }


def asked_of_read_shown(body: ast.FunctionDef) -> set[ast.AST]:
    asked = [node.args[0] for node in ast.walk(body) if is_read_shown(node)]
    names = {each.id for each in asked if isinstance(each, ast.Name)}
    given = [
        node.value
        for node in ast.walk(body)
        if isinstance(node, ast.Assign)
        and all(isinstance(each, ast.Name) and each.id in names for each in node.targets)
    ]
    return {node for each in (*asked, *given) for node in ast.walk(each)}


def is_read_shown(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "read_shown"
    )


def reaches_figures(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        is_related = node.attr in ("measurements", "measurement_set")
        return is_related or (is_model(node.value) and node.attr in DOORS)
    return isinstance(node, ast.Call) and any(is_model(each) for each in node.args)


def is_model(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "Measurement"


def test_figures_are_read_through_read_shown():
    loose, through = set(), 0
    for path in (path for app in ORDER for path in sorted((ROOT / app).rglob("*.py"))):
        name, source = str(path.relative_to(ROOT)), path.read_text()
        if not name.startswith(LOADS) and "migrations" not in path.parts:
            loose |= {f"{name} {found}".strip() for found in loose_figures(source)}
            through += "read_shown(" in source
    assert loose <= MAY_READ_FIGURES.keys()
    assert through >= 4


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    return read_shown(Measurement.objects.at(p), p)", set()),
        ("def f():\n    asked = Measurement.objects.at(p)\n    read_shown(asked, p)", set()),
        ("def f():\n    return list(Measurement.objects.at(p))", {"f"}),
        ("def f():\n    asked = Measurement.objects.all()\n    read_shown(other, p)", {"f"}),
        ("def f(series):\n    return series.measurements.first()", {"f"}),
        ("def f():\n    return all_of(Measurement)", {"f"}),
        ("rows = Measurement._default_manager.all()", {""}),
    ],
)
def test_figures_read_by_another_way_are_found(source, found):
    assert loose_figures(source) == found
