from django.db import migrations

# As Django's createcachetable makes it.
TABLE = """
CREATE TABLE dashboard_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX dashboard_cache_expires ON dashboard_cache (expires);
"""


class Migration(migrations.Migration):
    """Django's database cache, in which failed sign-ins are counted."""

    dependencies = [
        ("dashboard", "0003_people_and_messages"),
    ]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE dashboard_cache;")]
