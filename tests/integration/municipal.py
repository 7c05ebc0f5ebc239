"""Five nodes on the five municipalities' real cases: configuration shared by the tests."""

import datetime
import pathlib

from harness import SHARED_DATA

DATA = SHARED_DATA / "municipal-cases"
MAPPINGS = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "demo" / "municipal"
EXTRACT = datetime.date(2015, 8, 1)
# Codes that are no council's: these cases are not English.
CODES = [f"E9900010{i}" for i in range(1, 6)]


def available():
    return DATA.is_dir()


def data_file(index):
    return DATA / f"BPIC15_{index + 1}.csv"
