"""Put load on a server on this machine: wrk where it is installed, else a small client of our own.

Owns: the two clients and what they report.
Does not own: which pages are asked for, and what is made of the figures.
"""

from __future__ import annotations

import asyncio
import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

_THREADS: Final = 2
# Each request comes from another address of a test network (RFC 2544), as consumers' do.
_SCRIPT: Final = r"""
local paths, position, asked = {}, 0, 0
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  position = math.floor(#paths * number / 2)
end
function request()
  position = position % #paths + 1
  asked = asked + 1
  local address = string.format("198.%d.%d.%d", 18 + number, asked / 250 % 250, asked % 250)
  return wrk.format("GET", paths[position], {
    ["Host"] = "127.0.0.1", ["X-Forwarded-For"] = address, ["Accept-Encoding"] = "gzip",
    ["Accept-Language"] = "zh-CN", ["User-Agent"] = "Mozilla/5.0 (load)" })
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a client saw; times in milliseconds."""

    client: str
    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0


def put_load(*, port: int, paths: Sequence[str], connections: int, seconds: int) -> Load:
    """Ask for `paths`, one after the other, over `connections` that stay open.

    Args:
        port: On 127.0.0.1.
        paths: At least one; started again from the first when all were asked for.
        connections: How many requests are under way at a time.
        seconds: How long.
    """
    if wrk := shutil.which("wrk"):
        return _wrk(wrk, port, paths, connections, seconds)
    return asyncio.run(_own(port, paths, connections, seconds))


def _wrk(wrk: str, port: int, paths: Sequence[str], connections: int, seconds: int) -> Load:
    with tempfile.TemporaryDirectory(prefix="suyuan-load-") as name:
        script, listed = Path(name) / "load.lua", Path(name) / "paths"
        script.write_text(_SCRIPT, encoding="ascii")
        listed.write_text("\n".join(paths), encoding="ascii")
        command = [wrk, f"-t{_THREADS}", f"-c{max(connections, _THREADS)}", f"-d{seconds}s"]
        command += ["-s", str(script), f"http://127.0.0.1:{port}", "--", str(listed)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + 60, check=True
        )
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if found is None:
        message = f"wrk said nothing that could be read: {done.stdout[-200:]}"
        raise RuntimeError(message)
    count, took, p50, p95, p99, errors = map(int, found.groups())
    return Load("wrk", count, took / 1e6, p50 / 1e3, p95 / 1e3, p99 / 1e3, errors)


async def _own(port: int, paths: Sequence[str], connections: int, seconds: int) -> Load:
    """Do the same with asyncio; itself slower than wrk, so the rate is a lower bound."""
    took: list[float] = []
    errors = 0
    start = perf_counter()
    end = start + seconds

    async def client(number: int) -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        position, asked = number * len(paths) // connections, 0
        while (began := perf_counter()) < end:
            position, asked = (position + 1) % len(paths), asked + 1
            address = f"198.{18 + number % 2}.{asked // 250 % 250}.{(asked + number) % 250}"
            writer.write(_request(paths[position], address))
            if not await _answered(reader):
                errors += 1
            took.append((perf_counter() - began) * 1e3)
        writer.close()

    await asyncio.gather(*(client(number) for number in range(connections)))
    took.sort()

    def at(share: float) -> float:
        return took[min(len(took) - 1, math.ceil(share * len(took)))] if took else 0.0

    spent = perf_counter() - start
    return Load("asyncio", len(took), spent, at(0.50), at(0.95), at(0.99), errors)


def _request(path: str, address: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\n"
        "Accept-Encoding: gzip\r\nAccept-Language: zh-CN\r\nUser-Agent: Mozilla/5.0 (load)\r\n\r\n"
    ).encode("ascii")


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer; every page says its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(found[1]) if found else 0)
    return head.startswith(b"HTTP/1.1 200")
