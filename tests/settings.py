"""Settings of the tests: the product's own, in a folder that vanishes, with cheap passwords.

Owns: what a test run changes. The product's settings read the environment when imported, so it is
set here first; nothing of the developer's own `SUYUAN_*` variables reaches a test.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="suyuan-tests-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
(_FOLDER / "static").mkdir()

_DATABASE_URL = os.environ.get("SUYUAN_TEST_DATABASE_URL", "")
for _name in [name for name in os.environ if name.startswith("SUYUAN_")]:
    if not _name.startswith("SUYUAN_TEST_"):
        del os.environ[_name]
os.environ["SUYUAN_DATA_DIR"] = str(_FOLDER)
os.environ["SUYUAN_SECRET_KEY"] = "a secret of the tests, worth nothing at all"
if _DATABASE_URL:
    os.environ["SUYUAN_DATABASE_URL"] = _DATABASE_URL

from suyuan.config.settings import *  # noqa: F403 - after the environment is set
from suyuan.config.settings import DATABASES

if not _DATABASE_URL:
    # A file, not memory: write-ahead logging and several threads are part of what is tested.
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}

# Hashing a password well takes 50 ms on purpose; a test that logs in proves nothing about that.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names with a digest need `collectstatic`; the tests serve the sources.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Done within the request that asks for them; the worker has tests of its own.
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
