from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('masterdata', '0002_inner_codes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='party',
            name='kind',
            field=models.CharField(choices=[('supplier', 'Supplier'), ('factory', 'Factory'), ('warehouse', 'Warehouse'), ('shipper', 'Shipper'), ('dealer', 'Dealer'), ('shop', 'Shop'), ('printer', 'Printer')], max_length=10),
        ),
    ]
