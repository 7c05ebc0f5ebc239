"""deploy/install-deps.sh, with stand-ins for the programs that it calls."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "deploy" / "install-deps.sh"
TOOLS = ("bash", "env", "awk", "sort", "printf")  # what the script itself is made of


class InstallDepsTest(unittest.TestCase):
    """Every test has a PATH of its own: one folder, which holds only what the test puts there."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.bin = pathlib.Path(self.folder.name)
        self.log = self.bin / "apt-get.log"
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.stand_in("id", "echo 0")
        self.stand_in("apt-get", f'echo "$DEBIAN_FRONTEND $*" >>{self.log}')

    def stand_in(self, name, script):
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def have_all_programs(self, but=()):
        """Stand-ins for every program that the script looks for; headers and libraries are this machine's."""
        for line in SCRIPT.read_text().splitlines():
            words = line.split()
            if len(words) == 3 and words[0] == "command" and words[1] not in but and words[1] not in TOOLS:
                self.stand_in(words[1], "exit 0")

    def run_script(self, *sets):
        return subprocess.run([str(self.bin / "bash"), str(SCRIPT), *sets], env={"PATH": str(self.bin)}, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def test_silent_when_nothing_is_missing(self):
        self.have_all_programs()
        run = self.run_script("test", "package")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.assertEqual(self.calls(), [])

    def test_silent_with_this_machines_own_programs(self):
        # Tests run after installing, so the real PATH has everything; a stand-in must not hide a wrong name.
        run = subprocess.run([str(SCRIPT), "test"], env={"PATH": f"{os.environ['PATH']}"}, check=False, capture_output=True,
                             text=True, stdin=subprocess.DEVNULL)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_updates_once_and_installs_only_what_is_missing(self):
        self.have_all_programs(but=("clang-format", "ninja"))
        self.stand_in("apt-get", f'echo "$DEBIAN_FRONTEND $*" >>{self.log}\n'
                      f'case "$*" in *install*) for p in clang-format ninja; do : >{self.bin}/$p; /bin/chmod +x {self.bin}/$p; done;; esac')
        run = self.run_script("test")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("clang-format ninja-build", run.stdout)
        calls = self.calls()
        self.assertEqual(len(calls), 2)
        self.assertTrue(calls[0].endswith(" update"))
        self.assertTrue(calls[1].endswith(" --no-install-recommends clang-format ninja-build"))
        self.assertTrue(all(call.startswith("noninteractive ") for call in calls))

    def test_uses_sudo_without_asking_when_nobody_can_answer(self):
        self.have_all_programs(but=("ninja",))
        self.stand_in("id", "echo 1000")
        self.stand_in("sudo", f'echo "sudo $1" >>{self.log}; shift; "$@"; : >{self.bin}/ninja; /bin/chmod +x {self.bin}/ninja')
        self.assertEqual(self.run_script("build").returncode, 0)
        self.assertEqual(self.calls()[0], "sudo -n")

    def test_says_so_when_neither_root_nor_sudo(self):
        self.have_all_programs(but=("ninja",))
        self.stand_in("id", "echo 1000")
        run = self.run_script("build")
        self.assertEqual(run.returncode, 1)
        self.assertIn("run as root, or install sudo", run.stderr)
        self.assertIn("ninja-build", run.stderr)
        self.assertEqual(self.calls(), [])

    def test_says_so_when_the_system_is_not_debian(self):
        self.have_all_programs(but=("ninja",))
        (self.bin / "apt-get").unlink()
        run = self.run_script("build")
        self.assertEqual(run.returncode, 1)
        self.assertIn("no apt-get", run.stderr)
        self.assertIn("ninja-build", run.stderr)

    def test_says_so_when_a_package_did_not_bring_the_thing(self):
        self.have_all_programs(but=("ninja",))
        run = self.run_script("build")
        self.assertEqual(run.returncode, 1)
        self.assertIn("installed, but still not found", run.stderr)
        self.assertIn("ninja ninja-build", run.stderr)

    def test_stops_when_apt_get_fails(self):
        self.have_all_programs(but=("ninja",))
        self.stand_in("apt-get", f'echo "$*" >>{self.log}; exit 100')
        run = self.run_script("build")
        self.assertEqual(run.returncode, 1)
        self.assertIn("apt-get update failed", run.stderr)
        self.assertEqual(len(self.calls()), 1)

    def test_usage_when_the_set_is_unknown_or_not_named(self):
        for arguments in ((), ("everything",)):
            run = self.run_script(*arguments)
            self.assertEqual(run.returncode, 2)
            self.assertIn("usage: deploy/install-deps.sh", run.stderr)


if __name__ == "__main__":
    unittest.main()
