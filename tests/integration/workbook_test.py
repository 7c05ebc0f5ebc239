"""A large workbook is read as it streams: in little memory, and to the same figures as its rows in a CSV."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import large_workbook
from harness import BIN

ROWS, NOTES = 60_000, 200  # 14 MB packed, 42 MB of XML


def measure(folder, path):
    """(figures, most bytes resident) of the node's measure over the source at `path`."""
    config = folder / "node.toml"
    config.write_text('[council]\ncode = "E06000001"\nname = "Hartlepool"\n' + large_workbook.SOURCE.format(path=path))
    command = [BIN / "waymark-node", "measure", "--config", config, "--metric", "1,10,16,33-early-help-starts", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return output, used.ru_maxrss * 1024


class LargeWorkbook(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="waymark-workbook-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def test_memory_is_that_of_its_records_and_not_of_its_bytes(self):
        large_workbook.write_csv(self.folder / "cases.csv", ROWS, note_bytes=0)
        large_workbook.write_workbook(self.folder / "small.xlsx", ROWS, note_bytes=0)
        large_workbook.write_workbook(self.folder / "large.xlsx", ROWS, note_bytes=NOTES)
        size = (self.folder / "large.xlsx").stat().st_size
        self.assertGreater(size - (self.folder / "small.xlsx").stat().st_size, 12_000_000)
        expected, _ = measure(self.folder, "cases.csv")
        figures, small = measure(self.folder, "small.xlsx")
        self.assertEqual(figures, expected)
        figures, large = measure(self.folder, "large.xlsx")
        self.assertEqual(figures, expected)
        self.assertLess(large - small, 6_000_000, (small, large))

    def test_a_million_rows_without_values_take_neither_memory_nor_place(self):
        large_workbook.write_workbook(self.folder / "cases.xlsx", 1000)
        large_workbook.write_workbook(self.folder / "blank.xlsx", 1000, empty_rows=1_000_000)
        expected, alone = measure(self.folder, "cases.xlsx")
        figures, blank = measure(self.folder, "blank.xlsx")
        self.assertEqual(figures, expected)
        self.assertLess(blank - alone, 6_000_000, (alone, blank))


if __name__ == "__main__":
    unittest.main()
