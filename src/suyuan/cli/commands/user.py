"""`suyuan user`: make a person, and the organisation that they own."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from suyuan.cli import output
from suyuan.cli.failures import Failure


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("email", help="e-mail address to sign in with")
    parser.add_argument("--name", default="", help="what colleagues call them")
    parser.add_argument("--org", metavar="SLUG", help="make this organisation, owned by them")
    parser.add_argument("--org-name", metavar="NAME", default="", help="the organisation's name")
    parser.add_argument(
        "--password-env", metavar="VARIABLE", help="read the password from this variable"
    )


def run(args: argparse.Namespace) -> int:
    """Make the person, and the organisation if one is named."""
    output.start()
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.core.validators import validate_email  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from suyuan.tenancy.models import User  # noqa: PLC0415 - after `start`
    from suyuan.tenancy.services import create_organisation  # noqa: PLC0415

    email = args.email.strip().lower()
    try:
        validate_email(email)
        known = User.objects.filter(email=email).first()
        password = "" if known else _password(args)
        if not known:
            validate_password(password, User(email=email, name=args.name))
    except ValidationError as error:
        raise Failure(" ".join(error.messages)) from error
    if known and not args.org:
        raise Failure(f"{email} has an account already")
    with transaction.atomic():
        user = known or User.objects.create_user(email, password, name=args.name)
        if args.org:
            create_organisation(owner=user, slug=args.org, name_zh=args.org_name or args.org)
    value = {"email": email, "created": not known, "organisation": args.org or ""}
    lines = [f"{email} {'exists' if known else 'can sign in'}"]
    if args.org:
        lines.append(f"and owns {args.org}: /app/{args.org}/")
    output.result(args, value, lines)
    return 0


def _password(args: argparse.Namespace) -> str:
    if args.password_env:
        if not (given := os.environ.get(args.password_env, "")):
            raise Failure(f"the variable {args.password_env} is empty")
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise Failure("the two passwords differ")
    return password
