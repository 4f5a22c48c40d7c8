# make build   set up .venv, make site/ and dist/
# make desk    open the desk in the browser: write, translate, check, print and publish without a terminal
# make serve   show the website on this computer, and again at each change
# make test    set up what the tests need, then lint and test
# make test-long  the tests that take longer: before a release, and before an issue ends
# make test-old  the pages in a real Chromium 65 (Linux, x86-64; 64 MB to fetch), and without what still older ones lack
# make faults  ends builds at random moments, fills disks, feeds readers rubbish; FAULT_SEED=... tries the same again,
#              ONLY=disk a part
# make fuzz    lets a fuzzer look for texts that break a reader, FUZZ_MINUTES=5
# make guide  take the pictures of the guide and build it into guide/site/ (needs Chromium)
# make bench  measure every path beside its peer and write BENCHMARKS.md (an hour, on a machine with nothing else to do)
# make rooms  draw the rooms of scripts/campaign/ for ARCHITECTURE.md, from their imports
# make lock    renew requirements/*.txt after a change of pyproject.toml or requirements/*.in

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

FUZZ_MINUTES ?= 5
FAULT_SEED := $(or $(FAULT_SEED),$(shell $(PYTHON) -c "import time; print(int(time.time()))"))
ONLY ?= test

.PHONY: build desk serve check test test-types test-all test-long test-old faults fuzz guide bench rooms lock clean

build: .venv/ready
	$(BIN)/campaign build

desk: .venv/ready
	$(BIN)/campaign desk

serve: .venv/ready
	$(BIN)/campaign serve

check: .venv/ready
	$(BIN)/campaign check

test: .venv/ready-for-tests
	$(BIN)/python tests/system_tools.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --no-print-directory -j2 test-types test-all

# Side by side: types take one processor for half a minute while tests begin.
test-types:
	$(BIN)/deptry scripts --no-ansi
	$(BIN)/zizmor --offline --quiet .github scripts/campaign/skeleton
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml scripts/campaign/skeleton/.github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci scripts/campaign/skeleton/.gitlab-ci.yml
	PYTHONPATH=scripts $(BIN)/lint-imports
	$(BIN)/mypy

test-all:
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal --ignore tests/long --ignore tests/old --ignore tests/faults

# Of these `make test` tries some: a few languages of HELP, changes together, a few of many files.
IN_PART := $(addprefix tests/test_,access.py answers.py designs.py desk.py finder.py growth.py kind_of_campaign.py layout.py leaving.py old_browsers.py prints.py reaching.py site.py sound.py translating.py weight.py)
# Of these it leaves out the tests that are marked `long`.
WITH_LONG := $(filter-out $(IN_PART),$(shell grep -lE "pytest.mark.long|mostly_long" tests/test_*.py))

test-long: export CAMPAIGN_TESTS := whole
test-long: .venv/ready-for-tests
	$(BIN)/python tests/system_tools.py --long
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal tests/long $(IN_PART)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal -m long $(WITH_LONG)

test-old: .venv/ready-for-tests
	$(BIN)/python tests/system_tools.py
	$(BIN)/python tests/old/set_up.py
	$(BIN)/python -m pytest tests/old tests/test_old_browsers.py

faults: .venv/ready-for-tests
	@echo FAULT_SEED=$(FAULT_SEED)
	FAULT_SEED=$(FAULT_SEED) FAULT_EXAMPLES=1000 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 tests/faults tests/test_readers.py --hypothesis-seed=$(FAULT_SEED) -rs -k "$(ONLY)"

guide: .venv/ready-for-tests
	$(BIN)/python guide/screenshots.py
	$(BIN)/mkdocs build --quiet --config-file guide/mkdocs.yml

bench: .venv/ready-for-tests .venv/peers/ready
	$(BIN)/python tests/benchmarks/bench.py .venv/peers $(BENCH)

.venv/peers/ready: requirements/peers.txt
	$(PYTHON) -m venv .venv/peers
	.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/peers.txt
	-npm install --silent --no-audit --no-fund --no-save --prefix .venv/peers/node sharp@0.35.5
	touch $@

rooms: .venv/ready-for-tests
	$(BIN)/python tests/draw_rooms.py

fuzz: .venv/ready-to-fuzz
	$(BIN)/python tests/faults/fuzz.py --minutes $(FUZZ_MINUTES)

.venv/ready: requirements/run.txt pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14) and 'This needs Python 3.11 to 3.14. Name one: make build PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/ready-for-tests: .venv/ready requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --only-binary :all: --no-binary tetumnlp -r requirements/test.txt
	touch $@

# Atheris has wheels for Linux and macOS alone: what only `make fuzz` needs is no part of what tests need.
.venv/ready-to-fuzz: .venv/ready-for-tests requirements/fuzz.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/fuzz.txt
	touch $@

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements/run.txt requirements/test.in -o requirements/test.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements/test.txt requirements/fuzz.in -o requirements/fuzz.txt
	uv pip compile --no-deps --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/old.in -o requirements/old.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/peers.in -o requirements/peers.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/office.in -o requirements/office.txt
	uv venv --quiet --clear --python 3.11 .build/bill
	uv pip install --quiet --python .build/bill --require-hashes -r requirements/run.txt
	uv tool run --from "cyclonedx-bom>=7,<8" cyclonedx-py environment --output-reproducible --of JSON .build/bill | $(PYTHON) requirements/write_bill.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(name, ignore_errors=True) for name in ('.build', 'site', 'dist')]"
