"""Lint passes a clean tree and fails it for each kind of violation, planted one at a time."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

LINT = pathlib.Path(__file__).resolve().parents[3] / "deploy" / "lint" / "lint.py"

HEADER = "#ifndef WAYMARK_BASE_DAY_H_\n#define WAYMARK_BASE_DAY_H_\n\n#endif  // WAYMARK_BASE_DAY_H_\n"
CLEAN = {
    ".clang-format": "BasedOnStyle: Google\n",
    "base/day.h": HEADER,
    "base/clock.cc": '#include "absl/time/clock.h"\nauto now = absl::Now();\n',
    "base/environment.cc": 'const char* home = std::getenv("HOME");\n',
    "crypto/random.cc": "#include <openssl/rand.h>\nint ok = RAND_priv_bytes(nullptr, 0);\n",
    "proto/rpc/channel.h": HEADER.replace("BASE_DAY", "PROTO_RPC_CHANNEL"),
    "node/measure/a.cc": '// What time() or rand() is, a comment may say.\n#include "node/journey/records.h"\nint time_of(int day);\n'
                         'const char* text = "absl::Now() in a text";\n',
    "coordinator/serve/a.cc": "const auto never = std::chrono::system_clock::time_point::max();\n",
    "node/link/a.cc": '#include <grpcpp/grpcpp.h>\n\n#include "node/disclose/release.h"\n',
    "tests/unit/node/a_test.cc": '#include <gtest/gtest.h>\n\n#include "node/journey/records.h"\n',
}

# What is planted: name of the rule, path, text.
VIOLATIONS = [
    ("format", "base/a.cc", "int  a ;\n"),
    ("includes", "base/a.cc", '#include "crypto/hash.h"\n'),
    ("includes", "crypto/a.cc", '#include "statistics/interval.h"\n'),
    ("includes", "crypto/a.cc", '#include "waymark/v1/release.pb.h"\n'),
    ("includes", "statistics/a.cc", '#include "crypto/hash.h"\n'),
    ("includes", "proto/contract/a.cc", '#include "catalogue/library.h"\n'),
    ("includes", "catalogue/a.cc", '#include "node/journey/records.h"\n'),
    ("includes", "node/cli/a.cc", '#include "coordinator/store/store.h"\n'),
    ("includes", "coordinator/cli/a.cc", '#include "node/journey/records.h"\n'),
    ("includes", "node/measure/a.cc", '#include "node/disclose/ledger.h"\n'),
    ("includes", "node/measure/a.cc", '#include "node/link/client.h"\n'),
    ("includes", "node/ingest/a.cc", '#include "node/journey/journeys.h"\n'),
    ("includes", "node/link/a.cc", '#include "node/measure/measurer.h"\n'),
    ("includes", "tests/unit/node/b_test.cc", '#include "coordinator/store/store.h"\n'),
    ("library", "crypto/a.cc", "#include <google/protobuf/message.h>\n"),
    ("library", "statistics/a.cc", "#include <grpcpp/grpcpp.h>\n"),
    ("library", "node/disclose/a.cc", "#include <grpcpp/grpcpp.h>\n"),
    ("library", "coordinator/rounds/a.cc", '#include "waymark/v1/round.grpc.pb.h"\n'),
    ("library", "node/cli/a.cc", "#include <openssl/evp.h>\n"),
    ("library", "node/link/a.cc", "#include <sqlite3.h>\n"),
    ("library", "base/day.h", HEADER.replace("\n\n", "\n\n#include <nlohmann/json.hpp>\n\n")),
    ("clock", "node/cli/a.cc", "auto now = absl::Now();\n"),
    ("clock", "node/cli/a.cc", "auto now = std::chrono::system_clock::now();\n"),
    ("clock", "node/cli/a.cc", "auto now = time(nullptr);\n"),
    ("clock", "node/cli/a.cc", "int a = clock_gettime(CLOCK_REALTIME, &b);\n"),
    ("randomness", "node/disclose/a.cc", "std::mt19937 generator;\n"),
    ("randomness", "node/disclose/a.cc", "std::random_device device;\n"),
    ("randomness", "crypto/a.cc", "int a = RAND_bytes(b, 1);\n"),
    ("randomness", "base/a.cc", "int a = rand();\n"),
    ("environment", "coordinator/cli/a.cc", 'auto a = std::getenv("HOME");\n'),
    ("test code", "base/day_test.cc", "int a;\n"),
    ("test code", "crypto/testing/random.cc", "int a;\n"),
    ("test code", "base/a.cc", "#include <gtest/gtest.h>\n"),
    ("test code", "base/a.cc", "void ResetForTest();\n"),
    ("unfinished", "docs/a.md", "TO" + "DO: say more\n"),
    ("unfinished", "base/a.cc", "// FIX" + "ME\n"),
    ("outside data", "docs/a.md", "see ../shared" + "/design\n"),
    ("machine path", "deploy/a.sh", "cd /wo" + "rk/main\n"),
    ("guard", "base/day.h", HEADER.replace("BASE_DAY", "DAY")),
    ("guard", "base/day.h", "int a;\n"),
]


def lint(files):
    """Exit status and output of lint on a tree of `files`."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        run = subprocess.run([sys.executable, str(LINT), root], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr


class LintTest(unittest.TestCase):
    def test_passes_a_clean_tree(self):
        status, output = lint(CLEAN)
        self.assertEqual(status, 0, output)
        self.assertIn("0 findings", output)

    def test_finds_each_planted_violation(self):
        for rule, path, text in VIOLATIONS:
            with self.subTest(rule=rule, path=path, text=text):
                status, output = lint({**CLEAN, path: text})
                self.assertEqual(status, 1, output)
                self.assertRegex(output, rf"(?m)^{path}:\d+: {rule}: ")
                self.assertEqual({line.split(":")[0] for line in output.splitlines()[:-1]}, {path})

    def test_finds_two_classes_of_one_name_in_a_namespace(self):
        def header(guard, namespace):
            return (f"#ifndef WAYMARK_{guard}_H_\n#define WAYMARK_{guard}_H_\n\nnamespace {namespace} {{\n\n"
                    f"struct Row {{}};\n\n}}  // namespace {namespace}\n\n#endif  // WAYMARK_{guard}_H_\n")

        one = {"node/ingest/a.h": header("NODE_INGEST_A", "waymark::node")}
        same = {"node/measure/b.h": header("NODE_MEASURE_B", "waymark::node")}
        other = {"crypto/b.h": header("CRYPTO_B", "waymark::crypto")}
        status, output = lint({**CLEAN, **one, **same})
        self.assertEqual(status, 1, output)
        self.assertIn("node/measure/b.h:6: names: waymark::node::Row", output)
        self.assertEqual(lint({**CLEAN, **one, **other})[0], 0)

    def test_names_the_line(self):
        _, output = lint({**CLEAN, "base/a.cc": "/* a\n   comment */\n\nauto now = absl::Now();\n"})
        self.assertIn("base/a.cc:4: clock: ", output)

    def test_allows_outside_data_in_tests_only(self):
        text = "// ../shared" + "/data\n"
        self.assertEqual(lint({**CLEAN, "tests/integration/a.cc": text})[0], 0)
        self.assertEqual(lint({**CLEAN, "node/ingest/a.cc": text})[0], 1)


if __name__ == "__main__":
    unittest.main()
