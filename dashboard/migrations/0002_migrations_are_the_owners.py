from django.db import migrations

# Whoever was given the table: the roles of a council's own server have names of its choosing.
FOR_EACH_OTHER_ROLE = """
do $$
declare
  other text;
begin
  for other in
    select distinct case when grantee = 0 then 'public' else grantee::regrole::text end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'django_migrations'::regclass
      and grantee <> relowner
      and privilege_type = 'SELECT'
  loop
    execute format('%s', other);
  end loop;
end $$
"""


class Migration(migrations.Migration):
    """The site's role reads which migrations were applied and writes none of it: a fault in the
    site could otherwise have the next release skip one, or apply it twice."""

    dependencies = [
        ("dashboard", "0001_users"),
    ]

    operations = [
        migrations.RunSQL(
            FOR_EACH_OTHER_ROLE.replace(
                "%s", "revoke insert, update, delete on django_migrations from %s"
            ),
            FOR_EACH_OTHER_ROLE.replace(
                "%s", "grant insert, update, delete on django_migrations to %s"
            ),
        ),
    ]
