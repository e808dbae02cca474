"""A worker that is killed for real: another one finishes its job, each label once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import zpl

pytestmark = pytest.mark.slow

_COUNT = 12_000
_PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from suyuan.issuing.services import order_codes
from suyuan.labels.services import create_template
from suyuan.masterdata.services import create_product
from suyuan.printing.services import create_job
from suyuan.printing.values import OrderRange, Output
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import User
from suyuan.tenancy.services import create_organisation
from tests.printing_world import DESIGN, ROLL
owner = User.objects.create_user(email="a@example.com", password="kettle and leaves")
actor = system_actor(create_organisation(owner=owner, slug="killed", name_zh="茶"))
product = create_product(actor=actor, gtin="09521234000013", name_zh="茶", granularity="item")
order = order_codes(actor=actor, gtin=product.gtin, count={count})
template = create_template(actor=actor, name="卷", design=DESIGN, sheet=ROLL)
create_job(actor=actor, order_number=order.number, template=template.number,
           wanted=OrderRange(), output=Output("zpl"))
"""
_LOOK = """
import django
django.setup()
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.printing.models import PrintJob
job = PrintJob.objects.get()
print(job.state, job.done)
if job.state == "done":
    order = CodeOrder.objects.select_related("product").get()
    print("\\n".join(issuing.serials(order, count=order.count)))
"""


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "suyuan.config.settings",
        "SUYUAN_DATA_DIR": str(folder),
        "SUYUAN_DATABASE_URL": f"sqlite:///{folder / 'killed.sqlite3'}",
        "SUYUAN_SECRET_KEY": "a secret of the tests, worth nothing at all",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }


def python(code: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_killed_workers_job_is_finished_by_the_next(tmp_path: Path) -> None:
    python(_PREPARE.format(count=_COUNT), tmp_path)
    worker = [sys.executable, "-m", "suyuan.cli.main", "worker", "--batch"]
    making = tmp_path / "media"
    first = subprocess.Popen(worker, env=environment(tmp_path))
    deadline = time.monotonic() + 60
    # Killed once the file grows: in the middle of a chunk, whichever that is.
    while not any(path.stat().st_size for path in making.rglob("*.making")):
        assert time.monotonic() < deadline
        assert first.poll() is None
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    state, done = python(_LOOK, tmp_path)
    assert (state, int(done) < _COUNT) == ("running", True)
    subprocess.run(worker, env=environment(tmp_path), check=True, timeout=120)
    state, done, *serials = python(_LOOK, tmp_path)
    assert (state, int(done)) == ("done", _COUNT)
    (file,) = making.rglob("part-0001.zpl")
    printed = [label.codes[0].text.rpartition("/")[2] for label in zpl.read(file.read_bytes())]
    assert printed == serials
