"""Files as they should not be, through the real program: each gets a clear message or a line in the report; none crashes,
none is silent."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import BIN

HEADER = "child,from,to,reason,src\n"
GOOD = HEADER + "".join(f"c{i},2023-0{1 + i % 9}-05,2023-1{i % 3}-01,met,1A\n" for i in range(40))

CONFIG = """[council]
code = "E99000001"
name = "Test Council"
[[source]]
format = "event-log"
path = "{path}"
covered_from = 2022-04-01
extract_date = 2025-06-30
carries = ["early_help"]
{extra}
[source.mapping]
shape = "episodes"
level = "early_help"
person = "child"
start = "from"
end = "to"
end_reason = "reason"
source = "src"
date_format = "%Y-%m-%d"
[source.mapping.codes.end_reason]
met = "outcomes_met"
"""


class BadInput(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="waymark-bad-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def check(self, data, extra="", name="data.csv", command="check-data"):
        """Writes the data, runs the program; returns (exit status, standard output, standard error)."""
        if data is not None:
            (self.path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        (self.path / "node.toml").write_text(CONFIG.format(path=name, extra=extra))
        done = subprocess.run([BIN / "waymark-node", command, "--config", self.path / "node.toml", "--json"],
                              capture_output=True, timeout=120)
        self.assertGreaterEqual(done.returncode, 0, "killed by a signal: " + done.stderr.decode(errors="replace"))
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def used(self, *arguments, **more):
        status, output, error = self.check(*arguments, **more)
        self.assertEqual(status, 0, error + output)
        return json.loads(output)["files"][0]

    def refused(self, words, *arguments, **more):
        status, output, error = self.check(*arguments, **more)
        self.assertEqual(status, 1, output)
        for word in words:
            self.assertIn(word, error + output)

    def test_good_data_is_used_whole(self):
        self.assertEqual(self.used(GOOD)["rows_used"], 40)

    def test_a_byte_order_mark_and_crlf_make_no_difference(self):
        self.assertEqual(self.used(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())["rows_used"], 40)

    def test_quotes_and_line_breaks_inside_fields_are_read(self):
        row = '"c1","2023-01-05","2023-02-01","a ""long""\r\nreason, in two lines","1A"\n'
        file = self.used(HEADER + row)
        self.assertEqual(file["rows_used"], 1)

    def test_a_wrong_delimiter_is_named(self):
        self.refused(["delimiter", ";"], GOOD.replace(",", ";"))

    def test_the_delimiter_can_be_set(self):
        self.assertEqual(self.used(GOOD.replace(",", ";"), extra='delimiter = ";"')["rows_used"], 40)

    def test_latin_1_is_named_and_can_be_set(self):
        data = (GOOD + "c99,2023-01-05,2023-02-01,caf\u00e9,1A\n").encode("latin-1")
        self.refused(["windows-1252", "42"], data)
        self.assertEqual(self.used(data, extra='encoding = "windows-1252"')["rows_used"], 41)

    def test_impossible_dates_are_left_out_and_counted(self):
        file = self.used(GOOD + "c98,2023-02-30,2023-03-01,met,1A\nc99,05/06/2023,2023-07-01,met,1A\n")
        self.assertEqual(file["rows_used"], 40)
        self.assertEqual(file["rows_read"], 42)

    def test_an_end_before_its_start_is_left_out_and_counted(self):
        file = self.used(GOOD + "c99,2023-05-05,2023-05-01,met,1A\n")
        self.assertEqual((file["rows_read"], file["rows_used"]), (41, 40))

    def test_duplicates_count_once(self):
        line = GOOD.splitlines()[1] + "\n"
        file = self.used(GOOD + line + line)
        self.assertEqual((file["rows_read"], file["rows_used"]), (42, 40))

    def test_a_missing_column_is_named_with_those_found(self):
        self.refused(["from", "child", "start"], GOOD.replace("child,from,to", "child,start,to"))

    def test_an_empty_file_is_named(self):
        self.refused(["empty", "data.csv"], "")

    def test_a_header_alone_is_no_silent_zero(self):
        status, output, error = self.check(HEADER)
        self.assertIn("no records", (output + error).lower())

    def test_a_path_that_is_not_there_or_a_folder_is_named(self):
        self.refused(["none.csv"], None, name="none.csv")
        (self.path / "folder").mkdir()
        self.refused(["folder"], None, name="folder")

    def test_a_file_that_may_not_be_read_is_named(self):
        if os.geteuid() == 0:
            # For root every file is readable; a link in a circle is not, by anybody.
            (self.path / "locked.csv").symlink_to("locked.csv")
        else:
            (self.path / "locked.csv").write_text(GOOD)
            (self.path / "locked.csv").chmod(0)
        self.refused(["locked.csv"], None, name="locked.csv")

    def test_a_line_of_two_gigabytes_is_refused_without_reading_it_into_memory(self):
        target = self.path / "huge.csv"
        with open(target, "wb") as file:
            file.write(HEADER.encode() + b"c1,2023-01-05,")
            # A hole: two gigabytes of zero bytes that take no disk.
            file.truncate(2 * 1024 ** 3)
        self.refused(["huge.csv", "2"], None, name="huge.csv")

    def test_a_quote_that_never_ends_is_refused_with_its_line(self):
        self.refused(["data.csv:42"], GOOD + '"c99,2023-01-05,2023-02-01,met,1A\n' + "x" * (2 << 20))

    def test_unknown_codes_are_listed_and_never_become_something_else(self):
        file = self.used(GOOD.replace(",met,", ",stopped,"))
        self.assertIn("stopped", json.dumps(file["unknown_codes"]))
        status, output, error = self.check(GOOD.replace(",met,", ",stopped,"), command="measure")
        self.assertEqual(status, 0, error)
        for row in json.loads(output):
            if row["metric"] == "16":
                self.assertIn(row["numerator"], (0, None))

    def test_rows_with_too_few_or_too_many_fields_are_left_out_and_counted(self):
        file = self.used(GOOD + "c98,2023-01-05\nc99,2023-01-05,2023-02-01,met,1A,extra\n")
        self.assertEqual((file["rows_read"], file["rows_used"]), (42, 40))

    def test_every_prefix_of_a_file_is_read_or_refused_and_never_crashes(self):
        data = (b"\xef\xbb\xbf" + GOOD[:200].encode() + b'"q\r\n"",x')
        for length in range(0, len(data), 7):
            self.check(data[:length])


if __name__ == "__main__":
    unittest.main()
