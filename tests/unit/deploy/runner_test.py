"""tests/run, with a stand-in for ctest that writes a given report."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parents[3] / "tests" / "run"

PASSED = '<testcase name="a" time="0.1" status="run"><system-out>noise</system-out></testcase>'
FAILED = '<testcase name="b" time="0.2" status="fail"><failure message=""/><system-out>expected 1, got 2</system-out></testcase>'
SKIPPED = ('<testcase name="c" time="0" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>'
           "<system-out>x.cc:3: Skipped\nno outside data\n</system-out></testcase>")
SKIPPED_SCRIPT = ('<testcase name="d" time="0" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
                  "<system-out>SKIP: no such program</system-out></testcase>")
NOT_BUILT = ('<testcase name="e_NOT_BUILT" time="0" status="notrun"><skipped message="Unable to find executable"/>'
             "<system-out>Unable to find executable: e</system-out></testcase>")


def run_with(report):
    """Exit status and output of tests/run where ctest writes `report` (None: nothing)."""
    with tempfile.TemporaryDirectory() as folder:
        ctest = pathlib.Path(folder) / "ctest"
        ctest.write_text("#!/bin/sh\n" if report is None else
                         '#!/bin/sh\nwhile [ "$1" != --output-junit ]; do shift; done\n'
                         f"cat >\"$2\" <<'END'\n<testsuite>{report}</testsuite>\nEND\n")
        ctest.chmod(0o755)
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
        run = subprocess.run([sys.executable, str(RUNNER), folder], env=environment, check=False, capture_output=True, text=True)
        return run.returncode, run.stdout


class RunnerTest(unittest.TestCase):
    def test_last_line_counts(self):
        status, output = run_with(PASSED + PASSED)
        self.assertEqual(status, 0)
        self.assertEqual(output.splitlines()[-1], "2 passed, 0 failed")
        self.assertNotIn("noise", output)

    def test_prints_a_failed_tests_output(self):
        status, output = run_with(PASSED + FAILED)
        self.assertEqual(status, 1)
        self.assertIn("expected 1, got 2", output)
        self.assertEqual(output.splitlines()[-1], "1 passed, 1 failed")

    def test_prints_each_skipped_test_with_its_reason(self):
        status, output = run_with(PASSED + SKIPPED + SKIPPED_SCRIPT)
        self.assertEqual(status, 0)
        self.assertIn("c: no outside data", output)
        self.assertIn("d: no such program", output)
        self.assertEqual(output.splitlines()[-1], "1 passed, 0 failed, 2 skipped")

    def test_fails_when_a_test_could_not_be_started(self):
        status, output = run_with(PASSED + NOT_BUILT)
        self.assertEqual(status, 1)
        self.assertEqual(output.splitlines()[-1], "1 passed, 1 failed")

    def test_fails_when_no_test_ran(self):
        for report in ("", SKIPPED, None):
            status, output = run_with(report)
            self.assertEqual(status, 1)
            self.assertIn("No test ran", output)


if __name__ == "__main__":
    unittest.main()
