"""A file that waits with words that are being looked at: held back, and neither loaded nor lost."""

import io
import lzma
import shutil
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from improvement.changes import ask_removal, decline_removal
from improvement.models import Action, PlanLoad, Removal
from performance.importer.own_export import as_csv, as_workbook
from performance.models import Load, Measurement
from tests.conftest import NATIONAL
from tests.improvement.conftest import NOW, ON
from tests.improvement.plan_sheets import edited, new_row
from tests.improvement.removals import confirm
from tests.performance.importer.shared_strings import packed_of, with_shared_strings
from tests.performance.load_factories import CHILDREN, LOADS, give, person, quarter, read

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quill"
HELD = "holds words that are being looked at for personal information"
PLAN_LOADS = "/plan/loads/"
HEAD = ("series", "period", "value", "note")
FIGURES = quarter([CHILDREN, "30 September 2016", "640", f"Ask {NAME}."], head=HEAD)
PLAN = as_csv(new_row(title=f"Help {NAME}"))


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


@pytest.fixture
def chief(sign_in):
    return sign_in("director")


@pytest.fixture
def figures(admin):
    give(admin, FIGURES)
    return Load.objects.latest("id")


@pytest.fixture
def sheet(chief):
    content = as_csv(edited("5.13", "title", f"Help {NAME}"))
    chief.post(PLAN_LOADS, {"file": SimpleUploadedFile("plan.csv", content)})
    return PlanLoad.objects.first()


@pytest.fixture
def load_figures(admin, figures):
    return lambda: admin.post(
        f"{LOADS}{figures.pk}/confirm/", read(figures), follow=True
    ).content.decode()


@pytest.fixture
def load_sheet(chief, sheet):
    where = f"{PLAN_LOADS}{sheet.pk}/confirm/"
    return lambda: chief.post(where, {"reason": "Agreed."}, follow=True).content.decode()


def ask(officer):
    return ask_removal(words=NAME, reason="It names a child.", by=officer, on=ON, now=NOW)


def put_back(removal, by):
    decline_removal(removal=removal, reason="It is the name of a street.", by=by, now=NOW)


def test_figures_are_held_back_and_load_when_the_words_are_put_back(
    figures, load_figures, officer, director
):
    removal = ask(officer)
    assert HELD in load_figures()
    figures.refresh_from_db()
    assert figures.state == "screened"
    assert NAME not in str(figures.report)
    put_back(removal, director)
    assert "is loaded" in load_figures()
    assert Measurement.objects.filter(note=f"Ask {NAME}.").exists()


def test_a_plans_spreadsheet_is_held_back_and_loads_when_the_words_are_put_back(
    sheet, load_sheet, officer, director
):
    removal = ask(officer)
    body = load_sheet()
    assert HELD in body
    assert NAME not in body
    sheet.refresh_from_db()
    assert sheet.state == "screened"
    assert NAME not in str(sheet.report)
    put_back(removal, director)
    assert "“plan.csv” is loaded." in load_sheet()
    assert Action.objects.filter(title=f"Help {NAME}").exists()


def test_a_file_that_was_given_since_is_held_back_too(officer, request):
    Action.objects.filter(reference="1.02").update(title=NAME)
    ask(officer)
    assert HELD in request.getfixturevalue("load_figures")()
    assert HELD in request.getfixturevalue("load_sheet")()


def test_a_file_whose_name_is_hidden_keeps_its_bytes(admin, figures, load_figures, officer):
    Load.objects.filter(pk=figures.pk).update(file_name="About the Jabberwock.csv")
    ask_removal(words="Jabberwock", reason="A name.", by=officer, on=ON, now=NOW)
    assert HELD in load_figures()
    figures.refresh_from_db()
    assert figures.content


def test_both_are_dropped_when_the_words_are_taken_out(
    figures, sheet, load_figures, load_sheet, officer, director
):
    confirm(ask(officer), director)
    assert "waits no more" in load_figures()
    assert "waits no more" in load_sheet()
    assert not Measurement.objects.filter(note__contains=NAME).exists()


def in_bold(content: bytes) -> bytes:
    """The workbook with half of the name in bold, as Excel keeps it."""
    with zipfile.ZipFile(io.BytesIO(with_shared_strings(content))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    texts = parts["xl/sharedStrings.xml"]
    half = f"<t>Help {NAME}</t>".encode()
    assert half in texts
    runs = b"<r><t>Help Zebe</t></r><r><rPr><b/></rPr><t>dee Quill</t></r>"
    return packed_of({**parts, "xl/sharedStrings.xml": texts.replace(half, runs)})


@pytest.mark.parametrize(
    "content",
    [
        FIGURES.decode().replace(",", "\t").encode("utf-16"),
        PLAN.decode("utf-8-sig").encode("utf-16"),
        in_bold(as_workbook(new_row(title=f"Help {NAME}"), "Plan")),
    ],
)
def test_a_file_is_held_and_dropped_as_the_importers_read_it(chief, admin, officer, content):
    """Excel’s “Unicode text”, and a cell of which half is bold."""
    if content.startswith(b"PK") or b"r\x00e\x00f\x00" in content[:60]:
        chief.post(PLAN_LOADS, {"file": SimpleUploadedFile("plan.xlsx", content)})
        waiting, where = PlanLoad.objects.first(), f"{PLAN_LOADS}%s/confirm/"
    else:
        give(admin, content)
        waiting, where = Load.objects.latest("id"), f"{LOADS}%s/confirm/"
    assert waiting.state == "screened"
    removal = ask(officer)
    browser = admin if isinstance(waiting, Load) else chief
    words = read(waiting) if isinstance(waiting, Load) else {"reason": "Agreed."}
    said = browser.post(where % waiting.pk, words, follow=True)
    assert HELD in said.content.decode()
    confirm(removal, person("scrutiny-officer"))
    waiting.refresh_from_db()
    assert waiting.content is None
    assert not Removal.objects.get().left


@pytest.fixture
def named(owned):
    """Somewhere on record, so that it can be asked for."""
    Action.objects.filter(pk=owned.pk).update(title=NAME)


def files_of(tmp_path):
    (tmp_path / "quarter.csv").write_bytes(FIGURES)
    (tmp_path / "plan.csv").write_bytes(PLAN)
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("plans.csv", "indicators.csv"):
        (folder / name).write_text(f"title\n{NAME}\n")
    published, maps = tmp_path / "published", tmp_path / "maps"
    for each in (published, maps):
        shutil.copytree(NATIONAL, each, ignore=lambda place, names: ["dfe"])
        (each / "dfe").mkdir()
    first = (published / "dfe_files.csv").read_text().splitlines()[1].partition(",")[0]
    (published / "dfe" / f"{first}.xz").write_bytes(lzma.compress(f"la_name\n{NAME}\n".encode()))
    with (maps / "dfe_notes.csv").open("a") as notes:
        notes.write(f"looked-after-number.dfe,336,2016,{NAME}\n")
    return {
        "figures": ("load_performance", tmp_path / "quarter.csv"),
        "plan": ("load_plan", tmp_path / "plan.csv"),
        "folder of figures": ("load_performance", folder),
        "folder of a plan": ("load_plan", folder),
        "published files": ("load_published_files", published),
        "maps of published files": ("load_published_files", maps),
    }


@pytest.mark.parametrize(
    "which",
    ["figures", "plan", "folder of figures", "folder of a plan", "published files",
     "maps of published files"],
)  # fmt: skip
@pytest.mark.parametrize("commit", [True, False])
def test_the_commands_load_no_file_that_holds_them(tmp_path, named, officer, which, commit):
    command, path = files_of(tmp_path)[which]
    more = {"by": "director", "reason": "Agreed."} if command == "load_plan" else {}
    ask(officer)
    loads = Load.objects.count(), PlanLoad.objects.count()
    with pytest.raises(CommandError, match=HELD):
        call_command(command, path, commit=commit, **more)
    assert (Load.objects.count(), PlanLoad.objects.count()) == loads
    assert not Measurement.objects.filter(note__contains=NAME).exists()
    assert not Action.objects.filter(title__contains=NAME).exists()


@pytest.mark.parametrize("which", ["figures", "plan"])
def test_the_commands_load_them_once_they_are_put_back(tmp_path, named, officer, director, which):
    command, path = files_of(tmp_path)[which]
    more = {"by": "director"} if command == "load_plan" else {}
    put_back(ask(officer), director)
    call_command(command, path, commit=True, reason="Agreed.", **more)
    assert (
        Measurement.objects.filter(note__contains=NAME).exists()
        or Action.objects.filter(title=f"Help {NAME}").exists()
    )
