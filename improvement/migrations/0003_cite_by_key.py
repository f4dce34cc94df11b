"""What cited one version of a fact cites its key; what stated a day customarily says so."""

from django.db import migrations
from django.db.models import F


def cite_by_key(apps, schema_editor):
    outcomes = apps.get_model("improvement", "BulletOutcome").objects
    seen = set()
    for row in outcomes.select_related("measurement", "target", "statement", "finding"):
        version = row.measurement or row.target
        named = row.statement or row.finding
        row.kind = next(
            kind for kind, key in (
                ("action", row.action_id), ("figure", row.measurement_id),
                ("target", row.target_id), ("statement", row.statement_id),
                ("finding", row.finding_id),
            ) if key
        )  # fmt: skip
        if version:
            row.series_id, row.area_id = version.series_id, version.area_id
            row.period_start, row.period_end = version.period_start, version.period_end
        if named:
            row.reference = named.reference
        key = (row.bullet_id, row.kind, row.action_id, row.series_id, row.area_id,
               row.period_start, row.period_end, row.reference)  # fmt: skip
        # A line that cited two versions of one fact cites it once.
        if key in seen:
            row.delete()
        else:
            seen.add(key)
            row.save()
    for finding in apps.get_model("improvement", "Finding").objects.select_related("assessment"):
        finding.judgement_id = finding.assessment.judgement_id
        finding.maker = finding.assessment.maker
        finding.position_on = finding.assessment.position_on
        finding.save()


def cite_versions(apps, schema_editor):
    """Each key points again at the first version of its fact: the one that the paper printed."""
    model = apps.get_model
    versions = {"figure": "Measurement", "target": "Target"}
    named = {"statement": "Statement", "finding": "Finding"}
    for row in model("improvement", "BulletOutcome").objects.exclude(kind="action"):
        if row.kind in versions:
            first = model("performance", versions[row.kind]).objects.filter(
                series=row.series_id, area=row.area_id, period_start=row.period_start,
                period_end=row.period_end,
            )  # fmt: skip
            column = {"figure": "measurement", "target": "target"}[row.kind]
        else:
            first = model("improvement", named[row.kind]).objects.filter(reference=row.reference)
            column = row.kind
        setattr(row, column, first.order_by("known_from", "id").first())
        row.save()
    grades = model("improvement", "Assessment").objects
    for finding in model("improvement", "Finding").objects.all():
        finding.assessment = (
            grades.filter(
                judgement=finding.judgement_id, maker=finding.maker,
                position_on=finding.position_on,
            ).order_by(F("known_until").asc(nulls_first=True)).first()
        )  # fmt: skip
        finding.save()


def take_basis_from_the_paper(apps, schema_editor):
    """Statements and findings said “stated” whatever their paper's day rested on."""
    outcomes = apps.get_model("improvement", "BulletOutcome").objects
    customary = outcomes.filter(bullet__paper__published_basis="customary")
    for kind, name in (("statement", "Statement"), ("finding", "Finding")):
        for row in customary.filter(kind=kind).select_related("bullet__paper"):
            apps.get_model("improvement", name).objects.filter(
                reference=row.reference, known_from=row.bullet.paper.known_from
            ).update(known_from_basis="customary")


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0002_room_for_citations_by_key"),
    ]

    operations = [
        migrations.RunPython(cite_by_key, cite_versions),
        migrations.RunPython(take_basis_from_the_paper, migrations.RunPython.noop),
    ]
