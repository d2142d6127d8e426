"""A real S3 server (s3rver) with an empty bucket, and what is said to reach it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

SERVER = Path(__file__).parent / "node_modules" / "s3rver" / "bin" / "s3rver.js"
PATIENCE = 60  # seconds for the server to start on a busy machine


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """The address of a server with the bucket `agenda`, kept in a folder."""
    if shutil.which("node") is None or not SERVER.is_file():
        pytest.skip("needs Node.js and `npm ci --prefix tests/browser`")
    port = free_port()
    command = ["node", str(SERVER), "-d", str(folder), "-a", "127.0.0.1", "-p", str(port), "-s"]
    with subprocess.Popen([*command, "--configure-bucket", "agenda"]) as server:
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert time.monotonic() < deadline, "the S3 server does not answer"
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def said_of(endpoint: str) -> dict[str, Any]:
    """How a client is told of the server at an address; it gives up at the first failure."""
    return {
        "endpoint": endpoint,
        "region": "us-east-1",
        "access_key_id": "S3RVER",
        "secret_access_key": "S3RVER",
        "client_options": {"allow_http": True},
        "retry_config": {"max_retries": 0},
    }
