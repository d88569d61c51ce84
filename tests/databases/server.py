"""A PostgreSQL server for tests: made, started and thrown away, as a user without rights, on a socket of its own.

One server serves all processes of a run; the last to leave stops it. It lies in memory where there is room for it, so
that it can be as careful with every commit as a real one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OWNER = "casefold_owner"
READY = "casefold_ready"
ROOM = 2 << 30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class NoServerError(Exception):
    """The programs of PostgreSQL are not to be had."""


def program(name: str) -> str:
    """Find one of the server's programs: on the path, or the newest where Debian puts them. Raises `NoServerError`."""
    places = [Path(found).parent for found in (shutil.which("initdb"),) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -float(one.parent.name))
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return str(place / name)
    raise NoServerError("PostgreSQL's server programs are missing; apt-get install postgresql, or name them in PATH")


class Server:
    """One server, by the folder that it lies in."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def url(self, name: str, role: str = OWNER, password: str = "") -> str:
        """Give the URL of a database, as `--db` takes it."""
        who = f"{role}:{password}" if password else role
        return f"postgresql+psycopg://{who}@/{name}?host={self.place}"

    def connect(self, name: str = "postgres", role: str = OWNER, **more: Any) -> Any:
        """Connect with the bare driver, in autocommit."""
        import psycopg

        return psycopg.connect(host=str(self.place), dbname=name, user=role, autocommit=True, **more)

    def make(self) -> None:
        """Make the cluster, and start the server."""
        run = {**_as_nobody(), "stdout": subprocess.DEVNULL, "cwd": self.place}
        if os.geteuid() == 0:
            os.chown(self.place, run["user"], run["group"])
        initdb = [program("initdb"), "-D", "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([*initdb, "--no-instructions"], check=True, **run)
        rules = self.place / "data" / "pg_hba.conf"
        rules.write_text("local all locked scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
        settings = {**SETTINGS, "unix_socket_directories": str(self.place)}
        with (self.place / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        words = [program("pg_ctl"), "-D", "data", "-l", "log", "-s", "-w", "-t", "60", "start"]
        subprocess.run(words, check=True, cwd=self.place, stdin=subprocess.DEVNULL, **_as_nobody())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends its sessions, SIGQUIT is a crash."""
        pid = self.place / "data" / "postmaster.pid"
        number = int(pid.read_text("utf-8").split()[0])
        os.kill(number, how)
        while _alive(number):
            time.sleep(0.01)

    def remove(self) -> None:
        """Stop the server, and take away what it had."""
        with contextlib.suppress(FileNotFoundError):
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.place, ignore_errors=True)

    def database(self, name: str, template: str = "template0") -> str:
        """Make a database; gives its URL."""
        with contextlib.closing(self.connect()) as admin:
            how = " STRATEGY file_copy" if admin.info.server_version >= 150_000 else ""
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}{how}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Take a database away, whoever is in it."""
        with contextlib.closing(self.connect()) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return True


def new_server(*, memory: bool = True) -> Server:
    """Make a server in a new folder, in memory where there is room, or on the disk. Raises `NoServerError`."""
    program("initdb")
    shared = Path("/dev/shm")
    roomy = memory and shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    server = Server(Path(tempfile.mkdtemp(prefix="casefold-pg-", dir=shared if roomy else None)))
    try:
        server.make()
    except BaseException:
        server.remove()
        raise
    return server


@contextlib.contextmanager
def shared_server(folder: Path) -> Iterator[Server]:
    """Give the one server of all that name this folder: the first makes it, the last takes it away."""
    with _locked(folder):
        place, users = folder / "postgres.place", folder / "postgres.users"
        if not place.exists():
            server = new_server()
            _make_ready(server)
            place.write_text(str(server.place), "utf-8")
            users.write_text("0", "utf-8")
        server = Server(Path(place.read_text("utf-8")))
        users.write_text(str(int(users.read_text("utf-8")) + 1), "utf-8")
    try:
        yield server
    finally:
        with _locked(folder):
            left = int(users.read_text("utf-8")) - 1
            users.write_text(str(left), "utf-8")
            if not left:
                place.unlink()
                server.remove()


def _make_ready(server: Server) -> None:
    """Make a database that holds an empty log, to make others after it."""
    from events.log import open_log

    open_log(server.database(READY), mode="write").close()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "postgres.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _as_nobody() -> dict[str, Any]:
    """Give how to run a program as somebody without rights: PostgreSQL refuses to serve under root."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    settings: dict[str, Any] = {"env": {**clean, "LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() == 0:
        names = {one.pw_name: one for one in pwd.getpwall()}
        user = names.get("postgres") or names.get("nobody")
        uid, gid = (user.pw_uid, user.pw_gid) if user else (65534, 65534)
        settings |= {"user": uid, "group": gid, "extra_groups": []}
    return settings
