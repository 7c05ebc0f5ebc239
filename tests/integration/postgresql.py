"""A PostgreSQL server of Debian's package in a temporary folder, on a socket of its own, for the tests."""

import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time


def missing():
    """Why there is no server to test with; "" where there is."""
    if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        return "PostgreSQL is not installed (Debian: postgresql)"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root, and setpriv is not there"
    return ""


class Server:
    """Use as a context manager. Connections by the socket need the password of the user they name."""

    USER, PASSWORD = "waymark", "it's a \\ secret"

    def __enter__(self):
        self._make_directory()
        password = self.directory / "first-password"
        password.write_text(self.PASSWORD + "\n")
        password.chmod(0o644)
        self._run("initdb", "-D", self.directory / "data", "-U", self.USER, "-A", "scram-sha-256", "--pwfile", password,
                  "-E", "UTF8", "--no-sync")
        self._start()
        return self

    def _make_directory(self):
        self.bin = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="waymark-pg-"))
        # The server refuses to run as root.
        self.as_user = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.directory, account.pw_uid, account.pw_gid)
            self.as_user = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]

    def _start(self):
        self._run("pg_ctl", "-D", self.directory / "data", "-w", "-l", self.directory / "log", "-o",
                  f"-k {self.directory} -c listen_addresses='' -c fsync=off -c superuser_reserved_connections=3",
                  "start")
        self.running = True

    def __exit__(self, *_):
        if self.running:
            self.stop()
        shutil.rmtree(self.directory)

    def stop(self):
        """At once, as though the power had gone."""
        self._run("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop")
        self.running = False

    def _run(self, program, *arguments):
        done = subprocess.run([*self.as_user, self.bin / program, *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, cwd=self.directory,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGPASSWORD": self.PASSWORD}, timeout=120,
                              close_fds=True) if program != "pg_ctl" else self._control(arguments)
        if done.returncode != 0:
            raise AssertionError(f"{program}: {done.stdout}")

    def _control(self, arguments):
        # The server keeps pg_ctl's output open, so that must be no pipe.
        return subprocess.run([*self.as_user, self.bin / "pg_ctl", *map(str, arguments)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=self.directory, timeout=120)

    def sql(self, text):
        """Runs statements; returns what they print, unaligned."""
        done = subprocess.run([self.bin / "psql", "-h", self.directory, "-U", self.USER, "-d", "postgres", "-X", "-q", "-A",
                               "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"], input=text, capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], "PGPASSWORD": self.PASSWORD}, timeout=120)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def connection(self, **more):
        keys = {"host": self.directory, "user": self.USER, "dbname": "postgres", **more}
        return "postgresql://" + " ".join(f"{key}={value}" for key, value in keys.items())


class Standby(Server):
    """A copy of a server that follows it; from then on that one acknowledges nothing that is not here too."""

    def __init__(self, primary):
        self.primary = primary

    def __enter__(self):
        self._make_directory()
        self._run("pg_basebackup", "-h", self.primary.directory, "-U", self.USER, "-D", self.directory / "data", "-R",
                  "-X", "stream", "--no-sync", "-c", "fast")
        self._start()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        while self.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").strip() != "1":
            time.sleep(0.1)
        return self

    def promote(self):
        self._run("pg_ctl", "-D", self.directory / "data", "-w", "promote")
