"""Headers of captured documents."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capture', '0004_queries'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentHeader',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'job', blank=True, editable=False, primary_key=True, serialize=False)),
                ('job', models.BigIntegerField()),
                ('packed', models.BinaryField()),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
