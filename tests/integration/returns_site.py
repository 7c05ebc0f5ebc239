"""A node whose sources are the returns that councils make, in a temporary folder."""

import contextlib
import json
import pathlib
import tempfile

from harness import run


@contextlib.contextmanager
def site(sources):
    """Writes node.toml with `sources`, into which {folder} is put; gives the folder."""
    with tempfile.TemporaryDirectory(prefix="waymark-test-") as name:
        folder = pathlib.Path(name)
        (folder / "node.toml").write_text('[council]\ncode = "E06000001"\nname = "Hartlepool"\n' + sources)
        yield folder


def checked(folder, expect=0):
    output, errors = run("waymark-node", "check-data", "--config", folder / "node.toml", "--json", expect=expect)
    return json.loads(output) if output else errors


def measured(folder, metric, *more):
    output, _ = run("waymark-node", "measure", "--config", folder / "node.toml", "--metric", metric, "--json", *more)
    return json.loads(output)


def accounted(report):
    """Whether every row of every file is used or left out for a reason."""
    return all(file["rows_read"] == file["rows_used"] + left_out(file) for file in report["files"])


def left_out(file, reason=None):
    return sum(entry["rows"] for entry in file["left_out"] if reason is None or reason in entry["reason"])
