"""The web server (granian) around the app: in this process, or in several that share the port."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable

from litestar import Litestar

from feeds.ready import Ready

Make = Callable[[], Litestar]


def host(make: Make, address: str, port: int, workers: int = 1) -> None:
    """Serve the app until SIGINT or SIGTERM. Several workers are processes, each with an app of its own."""
    if workers == 1:
        asyncio.run(_host_here(_front(make), address, port))
    else:
        _host_beside(make, address, port, workers)


def _front(make: Make) -> Ready:
    app = make()
    return Ready(app, app.state.files, app.state.combined)


async def _host_here(front: Ready, address: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(front, address, port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, server.stop)
    await server.serve()


def _host_beside(make: Make, address: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    multiprocessing.set_start_method("fork", force=True)  # the app need not be pickled
    server = Granian(
        "trek",
        address,
        port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,  # what proxies speak
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,  # one that took another's place may not hear that it is to end
    )
    server.serve(target_loader=lambda: _front(make), wrap_loader=False)
