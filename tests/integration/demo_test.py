"""`make demo` as a newcomer runs it, and its benchmark against the truth that the generator knows."""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import BIN, ROOT
import municipal


def demo(**environment):
    state = tempfile.mkdtemp(prefix="waymark-demo-")
    try:
        done = subprocess.run([ROOT / "deploy" / "demo" / "run"], capture_output=True, text=True, timeout=600,
                              env={**os.environ, "DEMO_EXIT": "1", "DEMO_STATE": state, "WAYMARK_BIN": str(BIN),
                                   **environment})
        return done
    finally:
        shutil.rmtree(state)


class Demo(unittest.TestCase):
    def test_twelve_councils_end_in_a_table_that_agrees_with_the_truth(self):
        done = demo()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("truth", done.stdout)
        self.assertNotIn("FAR OUTSIDE", done.stdout)
        self.assertIn("epoch 1: 12 councils in 1 parts", done.stdout)
        self.assertIn("the sum is there; councils whose own referrals are there: none", done.stdout)
        for mode in ("noised", "thresholded", "secure-sum"):
            self.assertIn(f"councils, {mode}", done.stdout)
        self.assertIn("2 signatures", done.stdout)
        self.assertIn("whole and signed by the pinned key", done.stdout)
        self.assertIn("It has not fired yet", done.stdout)
        self.assertIn("What to try next", done.stdout)

    def test_five_municipalities_run_from_a_folder_of_data(self):
        if not municipal.available():
            print(f"the municipal part is left out: {municipal.DATA} is not there")
            return
        done = demo(DATA=str(municipal.DATA))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Municipality 5", done.stdout)

    def test_a_folder_without_the_files_is_named(self):
        with tempfile.TemporaryDirectory() as empty:
            done = demo(DATA=empty)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("BPIC15_1.csv", done.stderr)


if __name__ == "__main__":
    unittest.main()
