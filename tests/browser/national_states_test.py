"""States of the national pages in Chromium: a federation of one council, one of all of England's authorities, and a coordinator
whose store fails."""

import os
import sqlite3
import subprocess
import sys
import unittest

from national_test import HERE, PublishedSite, missing

sys.path.insert(0, str(HERE.parent / "integration"))
from harness import BIN, ROOT, SHARED_DATA, run  # noqa: E402

MANY_COUNCILS = os.environ.get("WAYMARK_MANY_COUNCILS", BIN.parent / "tests" / "waymark-many-councils")


def make_many(path):
    subprocess.run([MANY_COUNCILS, path], cwd=ROOT, check=True, timeout=120)


class NationalStates(unittest.TestCase):
    def look(self, script, *arguments):
        done = subprocess.run(["node", HERE / script, *arguments], capture_output=True, text=True, timeout=800)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_one_council_and_then_a_store_that_fails(self):
        with PublishedSite(councils=1, people=150, evil=False) as site:
            self.look("national_one.mjs", site.address, site.analyst)
            with sqlite3.connect(site.store) as store:
                store.execute("ALTER TABLE withdrawals RENAME TO gone")
            store.close()
            self.look("national_failing.mjs", site.address, site.analyst)

    def test_all_authorities_of_england(self):
        with PublishedSite(councils=0, areas=True, make_store=make_many) as site:
            has_files = SHARED_DATA.is_dir()
            if has_files:
                run("waymark-coordinator", "import-published", "--config", site.federation.config, SHARED_DATA / "dfe")
            self.look("national_many.mjs", site.address, site.analyst, "published" if has_files else "")


if __name__ == "__main__":
    if reason := missing():
        print("SKIP:", reason)
        sys.exit(0)
    unittest.main()
