"""The options that many commands share, each with its one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option(help="Folder of the store and the inbox.")]
Public = Annotated[Path, typer.Option(help="Folder of the published files, or s3://bucket/prefix.")]
Database = Annotated[
    str | None, typer.Option(help="Address of the database; SQLite in the data folder unless given.")
]
Config = Annotated[Path | None, typer.Option(help="Folder with the configuration of the region.")]
Once = Annotated[bool, typer.Option("--once", help="Stop after publishing.")]
Explain = Annotated[bool, typer.Option("--explain", help="Give the reasons beside the answer.")]
Host = Annotated[str, typer.Option(help="Address to serve on.")]
Workers = Annotated[int, typer.Option(help="Processes that serve, on one port.", min=1, max=64)]
Port = Annotated[int, typer.Option(help="Port to serve on.", min=0, max=65535)]
Lines = Annotated[str, typer.Argument(help="File of JSON Lines, or - for standard input.")]
Only = Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")]
Inbox = Annotated[
    str | None, typer.Option(help="Bucket between machines without a common data folder: s3://bucket/prefix.")
]
