"""Read the `SUYUAN_*` variables into one value.

Owns: names, defaults and checks of settings from the environment.
Invariant: development defaults are loud, and refuse to serve on a public address.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SECRET_FILE = "secret-key"  # noqa: S105 - a file's name


@dataclass(frozen=True, slots=True)
class Environment:
    """What the operator has said."""

    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str
    debug: bool
    region_header: str
    trusted_proxy: bool
    capture_limit_bytes: int
    mail_url: str
    mail_from: str
    metrics_token: str = ""
    label_font: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    makes_own_secret: bool = False
    printer_networks: tuple[str, ...] = ()  # none: private and loopback ones
    webhook_allow: tuple[str, ...] = ()  # hosts and networks beside the public Internet

    @property
    def public_host(self) -> str:
        """The host name of the public address."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def is_loopback(self) -> bool:
        """Whether the public address can be reached from this machine only."""
        if self.public_host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.public_host).is_loopback
        except ValueError:
            return False

    def require_safe(self, *, reached_by_others: bool) -> None:
        """Refuse development defaults where others can reach the installation.

        Args:
            reached_by_others: it listens on more than this machine's own address.

        Raises:
            ImproperlyConfigured: with what is missing.
        """
        if self.is_loopback and not reached_by_others:
            return
        if self.makes_own_secret:
            raise ImproperlyConfigured(
                "set SUYUAN_SECRET_KEY (32 characters or more) before others can reach this"
            )
        if self.debug:
            raise ImproperlyConfigured("SUYUAN_DEBUG=1 is refused where others can reach this")


def _own_secret(data_dir: Path) -> str:
    """Make a secret once and keep it in a file that only its owner reads."""
    path = data_dir / _SECRET_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _networks(text: str) -> tuple[str, ...]:
    """Read networks such as `10.1.0.0/16`, with commas between them."""
    try:
        return tuple(str(ipaddress.ip_network(part)) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"SUYUAN_PRINTER_NETWORKS: networks such as 10.1.0.0/16 ({error})"
        ) from error


def _hosts(text: str) -> tuple[str, ...]:
    """Read hosts and networks such as `erp.example.lan 10.1.0.0/16`, with commas or blanks."""
    found: list[str] = []
    for part in text.replace(",", " ").split():
        try:
            found.append(str(ipaddress.ip_network(part)))
        except ValueError as error:
            if not all(sign.isascii() and (sign.isalnum() or sign in ".-") for sign in part):
                raise ImproperlyConfigured(
                    f"SUYUAN_WEBHOOK_ALLOW: hosts, or networks such as 10.1.0.0/16 ({error})"
                ) from error
            if part[-1].isdigit():  # no host's name ends so: a mistyped network
                raise ImproperlyConfigured(f"SUYUAN_WEBHOOK_ALLOW: {error}") from error
            found.append(part.lower())
    return tuple(found)


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Parse the environment.

    Raises:
        ImproperlyConfigured: a value is malformed, or a development default would be used on a
            public address.
    """
    data_dir = Path(variables.get("SUYUAN_DATA_DIR", "data")).resolve()
    secret = variables.get("SUYUAN_SECRET_KEY", "")
    if secret and len(secret) < 32:
        raise ImproperlyConfigured("SUYUAN_SECRET_KEY: use 32 characters or more")
    environment = Environment(
        data_dir=data_dir,
        database_url=variables.get(
            "SUYUAN_DATABASE_URL", f"sqlite:///{data_dir / 'suyuan.sqlite3'}"
        ),
        secret_key=secret or _own_secret(data_dir),
        public_url=variables.get("SUYUAN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        debug=variables.get("SUYUAN_DEBUG", "") == "1",
        region_header=variables.get("SUYUAN_REGION_HEADER", ""),
        trusted_proxy=variables.get("SUYUAN_TRUSTED_PROXY", "") == "1",
        capture_limit_bytes=int(variables.get("SUYUAN_CAPTURE_LIMIT_BYTES", str(32 * 2**20))),
        mail_url=variables.get("SUYUAN_MAIL_URL", ""),
        mail_from=variables.get("SUYUAN_MAIL_FROM", "suyuan@localhost"),
        metrics_token=variables.get("SUYUAN_METRICS_TOKEN", ""),
        label_font=variables.get("SUYUAN_LABEL_FONT", ""),
        secret_key_fallbacks=tuple(
            filter(None, variables.get("SUYUAN_SECRET_KEY_FALLBACKS", "").split(","))
        ),
        makes_own_secret=not secret,
        printer_networks=_networks(variables.get("SUYUAN_PRINTER_NETWORKS", "")),
        webhook_allow=_hosts(variables.get("SUYUAN_WEBHOOK_ALLOW", "")),
    )
    if environment.debug and not environment.is_loopback:
        raise ImproperlyConfigured("SUYUAN_DEBUG=1 is refused on a public address")
    return environment


def database_settings(url: str) -> dict[str, Any]:
    """Turn a database address into Django's settings.

    `sqlite:////absolute/file` or `postgresql://user:password@host:port/name?option=value`.

    Raises:
        ImproperlyConfigured: another scheme, or no name.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "suyuan.kernel.sqlite",
            "NAME": unquote(parts.path[1:]),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
        }
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
        }
    raise ImproperlyConfigured("SUYUAN_DATABASE_URL: sqlite:///FILE or postgresql://HOST/NAME")


def mailer_settings(url: str) -> dict[str, Any]:
    """Turn the address of a mail server into one of Django's `MAILERS`.

    `smtp://user:password@host:587` speaks STARTTLS, `smtps://…:465` TLS from the start,
    `smtp://localhost:25` neither; without an address, letters are printed by the server.

    Raises:
        ImproperlyConfigured: another scheme, or no host.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("SUYUAN_MAIL_URL: smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    direct = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if direct else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": direct,
            "use_tls": not direct and bool(parts.username),
            "timeout": 15,
        },
    }
