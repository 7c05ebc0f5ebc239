"""All that an intruder holds: what a coordinator received and published, read from its store."""

import dataclasses
import datetime
import functools
import importlib
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]


@functools.lru_cache(maxsize=1)
def messages():
    """The contract's messages as Python modules, made by protoc: (catalogue, round, release)."""
    with tempfile.TemporaryDirectory() as folder:
        protos = sorted(str(path) for path in (ROOT / "proto" / "waymark" / "v1").glob("*.proto"))
        subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}", f"--python_out={folder}", *protos], check=True)
        sys.path.insert(0, folder)
        try:
            return tuple(importlib.import_module(f"waymark.v1.{name}_pb2") for name in ("catalogue", "round", "release"))
        finally:
            sys.path.remove(folder)


SHOWN, SUPPRESSED, NOT_APPLICABLE, NOT_AVAILABLE, LOW = 1, 2, 3, 4, 5
THRESHOLDED, NOISED = 1, 2
EPISODES, CHILDREN, FAMILIES = 1, 2, 3


@dataclasses.dataclass(frozen=True)
class Span:
    """The days of a period, both included."""
    first: datetime.date
    last: datetime.date

    def overlaps(self, other):
        return self.first <= other.last and other.first <= self.last


def span_of(label):
    """2024-25, 2024-25-Q1, 2024 or 2024-01-01..2024-06-30."""
    if ".." in label:
        return Span(*(datetime.date.fromisoformat(day) for day in label.split("..")))
    parts = label.split("-")
    year = int(parts[0])
    if len(parts) == 1:
        return Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    if len(parts) == 2:
        return Span(datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31))
    month = 4 + 3 * (int(parts[2][1]) - 1)
    first = datetime.date(year + (month > 12), (month - 1) % 12 + 1, 1)
    after = datetime.date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return Span(first, after - datetime.timedelta(days=1))


@dataclasses.dataclass
class Table:
    """One released table, with what was asked for when it left."""
    council: str
    round_id: str
    data_version: int
    question: bytes  # the item that was asked, whole
    definition: object  # v1.Metric
    mode: int
    suppressed_to: int
    rounded_to: int
    epsilon: float
    rho: float  # instead of epsilon: discrete Gaussian noise
    sensitivity: int
    metric: str
    version: int
    period: str
    window_days: int
    unit: int
    dimensions: tuple
    rows: tuple
    columns: tuple
    cells: dict  # (row, column): (status, value)

    @property
    def key(self):
        """What is asked, whoever asks and when."""
        return (self.council, self.metric, self.version, self.period, self.window_days, self.unit, self.dimensions)

    @property
    def name(self):
        broken = " by " + " and ".join(self.dimensions) if self.dimensions else ""
        return f"metric {self.metric}, {self.period}, window {self.window_days}, unit {self.unit}{broken}"


def tables_of(release, spec, definitions):
    """The tables of one release. `definitions`: (id, version) → v1.Metric."""
    for protected in release.tables:
        table, how = protected.table, protected.protection
        item = next(item for item in spec.items if (item.metric, item.version, item.period, item.mode) == (
            table.metric, table.version, table.period, how.mode))
        count = len(table.columns)
        cells = {}
        for i, (value, status) in enumerate(zip(table.values, table.status)):
            cells[table.rows[i // count], table.columns[i % count]] = (status, value)
        yield Table(council=release.council, round_id=release.round_id, data_version=spec.data_version,
                    question=item.SerializeToString(deterministic=True), definition=definitions[table.metric, table.version], mode=how.mode, suppressed_to=how.suppressed_to,
                    rounded_to=how.rounded_to,
                    epsilon=how.epsilon_numerator / how.epsilon_denominator if how.epsilon_denominator else 0.0,
                    rho=how.rho_numerator / how.rho_denominator if how.rho_denominator else 0.0,
                    sensitivity=how.sensitivity, metric=table.metric, version=table.version, period=table.period,
                    window_days=table.window_days, unit=table.unit, dimensions=tuple(table.dimensions),
                    rows=tuple(table.rows), columns=tuple(table.columns), cells=cells)


def read_store(path):
    """Every table in a coordinator's store, in the order of the rounds."""
    catalogue, rounds, releases = messages()
    tables = []
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for round_id, spec_bytes, definition_bytes in database.execute(
                "SELECT round_id, spec, definitions FROM rounds ORDER BY sequence").fetchall():
            spec = rounds.RoundSpec.FromString(spec_bytes)
            entries = catalogue.Catalogue.FromString(definition_bytes).metrics
            definitions = {(entry.id, entry.version): entry for entry in entries}
            for (released,) in database.execute(
                    "SELECT bytes FROM releases WHERE round_id = ? ORDER BY council", (round_id,)).fetchall():
                tables.extend(tables_of(releases.Release.FromString(released), spec, definitions))
    finally:
        database.close()
    return tables
