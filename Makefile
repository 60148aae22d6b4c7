# The front door. `make help` lists what it does.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV := .venv
BIN := $(VENV)/bin
# Where labelled photographs lie, for the targets that judge with them.
DATA ?= ../shared/data/dev
# What `package`, `rehearse` and `audit` are about: dev, staging or prod.
STAGE ?= dev
# Virtual environments of their own, for tools whose pins or weight don't belong in ours.
REHEARSAL := .rehearse-venv
AUDIT := .audit-venv
SECURITY := .security-venv
FUZZ := .fuzz-venv
PEERS := .bench-venv
NODE := .node-venv
# Your own pictures for `make demo`: DIR/<camera>/*.jpg, or one flat folder.
FRAMES ?=

# One processor for `make layers`; both unless told.
ARCH ?=

# Timings and scores must not depend on how many cores a machine has.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help demo test check format accuracy bench cost simulate faults train package rehearse audit fuzz lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(VENV)/.local models  ## the main job on real photographs: frames in, alerts out (FRAMES=dir for your own)
	@$(BIN)/python -m local.demo $(if $(FRAMES),--frames "$(FRAMES)")

up: $(VENV)/.local console  ## a living city on this laptop: its API and its console, until Ctrl-C
	@$(BIN)/python -m local.up

.PHONY: up console
console: console/dist/index.html  ## build the console into console/dist, with a Node of its own

test: $(VENV)/.dev models  ## set up and run every test
	@$(BIN)/python -m pytest

check: $(VENV)/.dev models console  ## what CI runs: format, lint, imports, types, tests, of the console too
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@tools/npm.sh run --silent check
	@$(BIN)/python -m pytest -rs

.PHONY: browser
browser: $(VENV)/.dev console  ## try the console in Debian's Chromium, where there is one
	@$(BIN)/python -m pytest tests/console -m browser -n 0 -rs

format: $(VENV)/.dev  ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

accuracy: $(VENV)/.dev models  ## judge the models on labelled photographs: DATA=dir
	@$(BIN)/python -m bench.accuracy --data "$(DATA)"

bench: $(VENV)/.dev models $(PEERS)/.ready  ## how long everything takes, beside OpenCV, dlib, MTCNN, faiss and usearch
	@$(BIN)/python -m bench.speed --data "$(DATA)"

cost: $(VENV)/.local models  ## dollars per million frames by stage, metered and priced
	@$(BIN)/python -m bench.cost

simulate: $(VENV)/.local models  ## a simulated hour of the city by script: one incident for each happening, none else
	@$(BIN)/python -m bench.simulate

faults: $(VENV)/.local models  ## the chain on the local cloud, and everything that can befall it: ten minutes
	@$(BIN)/python -m bench.faults

train: $(VENV)/.dev models  ## train the scene heads anew: DATA=dir
	@$(BIN)/python -m bench.train_scenes --data "$(DATA)"

.PHONY: models
models: $(VENV)/.local  ## fetch and convert the models (once)
	@$(BIN)/python -m layers.models

fuzz: $(VENV)/.local $(FUZZ)/.ready  ## call the API on a laptop with whatever its description allows, and what it doesn't
	@$(BIN)/python -m local.fuzz --runner $(FUZZ)/bin/schemathesis

package: $(VENV)/.local layers  ## what is deployed, into dist/STAGE: template, code, layers
	@$(BIN)/python -m infra.package --stage "$(STAGE)"

rehearse: package $(REHEARSAL)/.ready  ## deploy it on a local emulator and drive frames to alerts, faults and releases
	@$(BIN)/python -m rehearse --stage "$(STAGE)"

audit: package $(AUDIT)/.ready  ## have checkov judge the packaged template
	@$(AUDIT)/bin/checkov -f dist/$(STAGE)/sam.yaml --framework cloudformation --compact --quiet --skip-download

.PHONY: security
security: $(SECURITY)/.ready  ## look for weak code, for secrets, and for known holes in what is installed
	@$(SECURITY)/bin/bandit -q -c tools/bandit.yaml -r app.py bench chalicelib city edge infra layers local ops rehearse tools
	@$(BIN)/python tools/find_secrets.py $(SECURITY)/bin/detect-secrets
	@echo "bandit and detect-secrets find nothing"
	@tools/audit_pins.sh $(SECURITY)/bin/pip-audit requirements.txt layers/vision/requirements.txt layers/identity/requirements.txt

.PHONY: layers
layers: $(VENV)/.local models  ## build the Lambda layers, OpenCV from its sources the first time (ARCH=x86_64 or arm64 for one)
	@$(BIN)/python -m layers.build $(if $(ARCH),--architecture $(ARCH))

lock: $(VENV)/.dev  ## pin every requirement anew
	@$(BIN)/python -m pip install -q uv
	@for set in requirements layers/vision/requirements layers/identity/requirements edge/requirements requirements-local requirements-dev; do \
	  $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-header -o $$set.txt $$set.in; done

clean:  ## forget the virtual environment and the fetched models
	rm -rf $(VENV) $(REHEARSAL) $(AUDIT) $(SECURITY) $(FUZZ) $(PEERS) $(NODE) console/node_modules console/dist .models .demo dist

console/dist/index.html: console/node_modules/.ready $(shell find console/src console/public console/*.* chalicelib/api -type f \
  ! -name '*.pyc' ! -name 'schema.d.ts' ! -name 'openapi.json' 2>/dev/null)
	@echo "building the console"
	@$(BIN)/python -m ops.openapi console/openapi.json
	@tools/npm.sh run --silent build

# Not `npm ci`: it refuses a lock without what is for other systems, which some registries don't name at all
# (https://github.com/npm/cli/pull/9343).
console/node_modules/.ready: console/package-lock.json $(NODE)/.ready
	@echo "installing what the console is built with"
	@tools/npm.sh install --no-save --silent
	@touch $@

$(NODE)/.ready: console/node.txt | $(VENV)/bin/python
	@echo "installing Node"
	@$(BIN)/python -m venv $(NODE)
	@$(NODE)/bin/python -m pip install -q --disable-pip-version-check -r console/node.txt
	@touch $@

$(VENV)/bin/python:
	@python=$$(tools/find_python.sh) && "$$python" -m venv $(VENV)

$(VENV)/.local: requirements-local.txt | $(VENV)/bin/python
	@echo "installing what matpho runs on (a minute or two, once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -r requirements-local.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.local
	@echo "installing the tools for tests and checks"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@

$(REHEARSAL)/.ready: rehearse/requirements.txt | $(VENV)/bin/python
	@echo "installing the emulator"
	@$(BIN)/python -m venv $(REHEARSAL)
	@$(REHEARSAL)/bin/python -m pip install -q --disable-pip-version-check -r rehearse/requirements.txt
	@touch $@

$(FUZZ)/.ready: local/schemathesis.txt | $(VENV)/bin/python
	@echo "installing schemathesis"
	@$(BIN)/python -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install -q --disable-pip-version-check -r local/schemathesis.txt
	@touch $@

$(SECURITY)/.ready: tools/security.txt | $(VENV)/bin/python
	@echo "installing bandit, detect-secrets and pip-audit"
	@$(BIN)/python -m venv $(SECURITY)
	@$(SECURITY)/bin/python -m pip install -q --disable-pip-version-check -r tools/security.txt
	@touch $@

$(PEERS)/.ready: bench/speed/requirements.txt | $(VENV)/bin/python
	@echo "installing what matpho is timed against (some 610 MB, once)"
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install -q --disable-pip-version-check --no-deps -r bench/speed/requirements.txt
	@touch $@

$(AUDIT)/.ready: infra/checkov.txt | $(VENV)/bin/python
	@echo "installing checkov (some 270 MB, once)"
	@$(BIN)/python -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install -q --disable-pip-version-check -r infra/checkov.txt
	@touch $@
