"""Give the roles of organisations that exist the rights that carriers need."""

from django.db import migrations

GRANTS = {
    'owner': [
        'labels.design', 'labels.print', 'carriers.view', 'carriers.bind', 'carriers.keys', 'readers.edit',
    ],
    'planner': ['labels.design', 'labels.print', 'carriers.view', 'carriers.bind', 'readers.edit'],
    'production': ['labels.print', 'carriers.view', 'carriers.bind'],
    'warehouse': ['labels.print', 'carriers.view', 'carriers.bind'],
    'customer_service': ['carriers.view'],
    'auditor': ['carriers.view'],
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
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
