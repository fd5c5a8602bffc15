"""What each part of the cluster is started with."""

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from drills.cluster_parts.parts import (
    PROGRAMS,
    SERVER_USER,
    Part,
    as_server,
    listening,
    own,
    reaches,
)
from tests.journeys.portal import free_port
from tests.source import ROOT

if TYPE_CHECKING:
    from drills.cluster_parts import Cluster

HOST = "portal.example.cn"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def database(made: "Cluster") -> None:
    data = made.folder / "primary"
    data.mkdir()
    own(data)
    as_server("initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "-D", str(data))
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host replication postgres 127.0.0.1/32 trust\n")
    made.parts["primary"] = postgres(made, "primary")
    made.start("primary")
    where = f"host=127.0.0.1 port={made.ports['primary']} user=postgres dbname=postgres"
    as_server("psql", where, "-qc", "CREATE DATABASE portal")


def replica(made: "Cluster") -> None:
    data = made.folder / "replica"
    data.mkdir(mode=0o700)
    own(data)
    where = f"host=127.0.0.1 port={made.ports['primary']} user=postgres"
    as_server("pg_basebackup", "-d", where, "-D", str(data), "-R", "-X", "stream", "-c", "fast")
    made.parts["replica"] = postgres(made, "replica")


def postgres(made: "Cluster", name: str) -> Part:
    given = {"port": made.ports[name], "listen_addresses": "127.0.0.1", "max_wal_senders": 5}
    given |= {"unix_socket_directories": "", "wal_level": "replica", "wal_keep_size": "256MB"}
    options = [word for key, value in given.items() for word in ("-c", f"{key}={value}")]
    command = [str(PROGRAMS / "postgres"), "-D", str(made.folder / name), *options]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    url = f"postgresql://postgres@127.0.0.1:{made.ports[name]}/postgres"
    return Part(command, environment, lambda: reaches(url), SERVER_USER)


def redis(made: "Cluster") -> Part:
    program = shutil.which("redis-server") or "redis-server"
    port = made.ports["redis"]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--dir", str(made.folder)]
    return Part(command, dict(os.environ), listening(port))


def portals(made: "Cluster") -> None:
    for name in ("web-1", "web-2"):
        port = made.ports[name]
        command = [sys.executable, "-m", "gunicorn", "chongqing_eval.wsgi"]
        command += [f"--bind=127.0.0.1:{port}", "--workers=1", "--threads=96", "--timeout=60"]
        command += ["--keep-alive=15", "--log-level=error"]
        made.parts[name] = Part(command, made.environment, listening(port))
    for name in ("worker-1", "worker-2"):
        command = [sys.executable, "manage.py", "work"]
        made.parts[name] = Part(command, made.environment, lambda: True)
    for name in ("periodic-1", "periodic-2"):
        command = [sys.executable, "manage.py", "periodic", "--every=10"]
        made.parts[name] = Part(command, made.environment, lambda: True)


def whole(made: "Cluster") -> Part:
    """Web, worker and periodic work of one machine, as ``serve`` starts them."""
    port = made.ports["web-1"]
    command = [made.interpreter, "manage.py", "serve", f"--port={port}"]
    return Part(command, made.environment, listening(port), folder=made.code)


def nginx(made: "Cluster") -> Part:
    """The project's own file, with our machines in the lines that are to be changed."""
    folder = made.folder / "nginx"
    folder.mkdir()
    wanted = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST}".split()
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", *wanted, *files], check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    one = "    server 127.0.0.1:8000 max_conns=160 max_fails=1 fail_timeout=2s;"
    webs = [made.ports[name] for name in made.names if name.startswith("web")]
    for old, new in {
        "listen 80 ": f"listen 127.0.0.1:{free_port()} ",
        "listen 443 ": f"listen 127.0.0.1:{made.ports['nginx']} ",
        one: "\n".join(one.replace(":8000", f":{port}") for port in webs),
        "/etc/ssl/portal": str(folder),
        "/srv/portal": str(ROOT),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "portal.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;"
        "events { worker_connections 1024; }"
        'http { types { text/html html; } default_type "text/plain";'
        f" access_log off; {paths} include {folder}/portal.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return Part(command, dict(os.environ), listening(made.ports["nginx"]))
