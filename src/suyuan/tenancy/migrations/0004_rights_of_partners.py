"""Give the roles of organisations that exist the rights that partners need."""

from django.db import migrations

GRANTS = {
    'owner': [
        'events.deliver', 'events.shared', 'partners.view', 'partners.edit', 'subscriptions.edit',
    ],
    'planner': ['partners.view', 'partners.edit', 'subscriptions.edit'],
    'auditor': ['partners.view'],
    'partner': ['events.deliver', 'events.shared'],
}


def grant(apps, schema_editor):
    from suyuan.kernel.ids import new_id

    RoleGrant = apps.get_model('tenancy', 'RoleGrant')
    Organisation = apps.get_model('tenancy', 'Organisation')
    for organisation in Organisation.objects.all():
        RoleGrant.objects.bulk_create(
            RoleGrant(id=new_id(), organisation_id=organisation.pk, role=role, right=right)
            for role, rights in GRANTS.items()
            for right in rights
        )


class Migration(migrations.Migration):
    dependencies = [
        ('tenancy', '0003_partners'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
