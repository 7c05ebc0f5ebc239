"""The national pages in Chromium, against a real coordinator with a published round."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from published_site import PublishedSite  # noqa: E402


def missing():
    if not shutil.which("chromium") and "WAYMARK_CHROMIUM" not in os.environ:
        return "there is no chromium"
    if not (HERE.parents[1] / "web" / "node_modules" / "playwright-core").is_dir():
        return "web/node_modules has no playwright-core: the pages were not built here"
    return ""


class National(unittest.TestCase):
    def test_the_national_pages_in_a_browser(self):
        with PublishedSite(councils=7, silent=1) as site:
            done = subprocess.run(["node", HERE / "national.mjs", site.address, site.analyst], capture_output=True, text=True,
                                  timeout=800)
            print(done.stdout)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    if reason := missing():
        print("SKIP:", reason)
        sys.exit(0)
    unittest.main()
