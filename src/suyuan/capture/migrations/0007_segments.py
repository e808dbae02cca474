"""Events as columns; the background makes the segments of the events that are there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capture', '0006_claims'),
        ('tenancy', '0004_rights_of_partners'),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'first', blank=True, editable=False, primary_key=True, serialize=False)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('events', models.IntegerField()),
                ('least', models.BinaryField()),
                ('greatest', models.BinaryField()),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SegmentPage',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('packed', models.BinaryField()),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
