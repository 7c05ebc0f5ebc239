# The commands that people and CI use. `make` alone lists them.
JOBS ?= 2
# Tests of whole processes wait for most of their time.
TEST_JOBS ?= 3
# For tests/run: make test TESTS='-R crypto' runs only what ctest's -R selects.
TESTS ?=
BUILD := build/release

.PHONY: help demo test test-long attack lint bench package build clean mutants

help:
	@echo 'make demo       build, and run a made-up federation of 12 councils (DEMO_EXIT=1: stop after printing)'
	@echo 'make test       build, and run every test but the long ones (TESTS="-R crypto": only those)'
	@echo 'make test-long  the long tests: sanitizers, fuzzing, a fresh machine'
	@echo 'make attack     plays the motivated intruder against the demonstration and writes a report (STORE=FILE: another store)'
	@echo 'make mutants    breaks what protects people, one thing at a time, and requires that a test notices'
	@echo 'make lint       formatting, directions of includes, homes of clock, randomness and environment'
	@echo 'make bench      the benchmarks'
	@echo 'make package    Debian packages, into $(BUILD)/packages'
	@echo 'make build      the programs alone, into $(BUILD)/bin'
	@echo 'make clean      remove what was built'
	@echo 'What is missing on a Debian 12 machine is installed first (as root or with sudo).'

# The programs need no GoogleTest. A tree that was configured before (by make test, say) is used as it is, so that
# what it has built stays.
build:
	@deploy/install-deps.sh build
	@test -e $(BUILD)/build.ninja || cmake --preset release -DWAYMARK_TESTS=OFF
	@cmake --build $(BUILD) -j$(JOBS) --target programs

demo: build
	@deploy/demo/run

test:
	@deploy/install-deps.sh test
	@cmake --preset release
	@cmake --build $(BUILD) -j$(JOBS)
	@JOBS=$(TEST_JOBS) tests/run $(BUILD) $(TESTS)

test-long:
	@deploy/install-deps.sh test fresh fuzz
	@JOBS=$(JOBS) tests/long/run

attack:
	@deploy/install-deps.sh test
	@cmake --preset release
	@cmake --build $(BUILD) -j$(JOBS) --target programs waymark-draw-noise
	@tests/attacks/run $(BUILD) $(STORE)

mutants:
	@deploy/install-deps.sh test
	@JOBS=$(JOBS) tests/mutants/run.py

lint:
	@deploy/install-deps.sh test
	@deploy/lint/lint.py

bench:
	@deploy/install-deps.sh test bench
	@cmake --preset release
	@cmake --build $(BUILD) -j$(JOBS)
	@tests/bench/run $(BUILD)

package: build
	@deploy/install-deps.sh package
	@deploy/package $(BUILD)

clean:
	rm -rf build demo-state
