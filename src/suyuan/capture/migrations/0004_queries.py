"""Indexes of queries: events in time, facets; and facets of what is there."""

import django.db.models.deletion
from django.db import migrations, models

from suyuan.capture.encode import EVENT_COLUMNS
from suyuan.capture.facets import FACET_COLUMNS, facet_rows
from suyuan.core.epcis.body import unpack_body
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.clustered import CreateClusteredModel
from suyuan.kernel.lists import select

_AT_ONCE = 2_000


def list_facets(apps, schema_editor):
    """List the facets of the events that are there, a row for each piece of their numbers."""
    sequences = apps.get_model('capture', 'EventSequence')
    for organisation_id, following in sequences.objects.values_list('organisation_id', 'next'):
        for low in range(1, following, _AT_ONCE):
            rows = select(
                f"SELECT {', '.join(EVENT_COLUMNS)} FROM capture_storedevent "  # noqa: S608
                "WHERE organisation_id = %s AND seq >= %s AND seq < %s ORDER BY seq",
                [organisation_id, low, low + _AT_ONCE],
            )
            documents = [unpack_body(bytes(row[-1])) for row in rows]
            insert_rows('capture_facetentry', FACET_COLUMNS, facet_rows(rows, documents))


class Migration(migrations.Migration):

    dependencies = [
        ('capture', '0003_holders'),
    ]

    operations = [
        migrations.CreateModel(
            name='EndedPageToken',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'digest', blank=True, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=16)),
                ('expires_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateClusteredModel(
            name='FacetEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'facet', 'key', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('facet', models.SmallIntegerField()),
                ('key', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
                ('seqs', models.BinaryField()),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveIndex(
            model_name='storedevent',
            name='event_time',
        ),
        migrations.AddIndex(
            model_name='storedevent',
            index=models.Index(fields=['organisation', 'time', 'seq', 'step', 'disposition', 'read_point', 'location', 'type', 'action'], name='event_in_time'),
        ),
        migrations.RunPython(list_facets, migrations.RunPython.noop, elidable=True),
    ]
