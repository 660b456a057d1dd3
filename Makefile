# SPDX-License-Identifier: GPL-2.0-only
#
# Delegation only: each part of the tree builds and tests itself.

PREFIX ?= /usr/local
DESTDIR ?=
KERNEL ?= debian-6.1
DKMS_KERNEL ?=

VERSION := $(shell cat VERSION)
IMAGE ?= podwall:$(VERSION)
IMAGE_OPTIONS ?=
BUILD := $(CURDIR)/build
KERNELS := debian-6.1 debian-6.12 debug
DKMS_SOURCE := $(DESTDIR)/usr/src/podwall-$(VERSION)

SHELL := /bin/bash

# No target here is a file.
TARGETS := $(shell sed -n 's/^\([a-z0-9-]*\):.*/\1/p' Makefile)
.PHONY: $(TARGETS) $(KERNELS:%=module-%)

help: ## show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

setup: ## install the Debian packages that are missing
	@tests/setup

module: $(KERNELS:%=module-%) ## build the module for all three kernels

$(KERNELS:%=module-%): module-%:
	tests/vm/build-module $*

nlctl: ## build the tool
	@mkdir -p $(BUILD)/nlctl
	$(MAKE) -C nlctl BUILD=$(BUILD)/nlctl

demo: setup ## build, and show podwall at work in a virtual machine
	$(MAKE) nlctl module-$(KERNEL)
	tests/demo/run

check: setup ## build, and run every test that fits an hour or so
	$(MAKE) nlctl module
	tests/check

check-all: setup ## check, and what takes longer: all of it takes hours
	$(MAKE) nlctl module
	tests/check check long kcsan newest

check-kcsan: setup ## run the race scenarios in a kernel that finds data races
	$(MAKE) nlctl
	tests/check kcsan

check-newest: setup ## run tests on a kernel of the newest source in Debian
	$(MAKE) nlctl
	tests/check newest

lint: setup ## run the static checks
	tests/check lint

format: ## let clang-format rewrite the userspace C
	find nlctl tests -path tests/kunit -prune -o -name '*.[ch]' -print | \
		xargs -r clang-format -i

unit: setup ## run the userspace unit tests
	tests/check unit

cli: setup ## run the tests of the tool's command line
	tests/check cli completion json progress saved

agent: setup ## hold the agent against an API server that does everything wrong
	tests/check agent

metrics: setup ## hold metrics, alerts and the dashboard against each other
	tests/check metrics

page: setup ## run the tests of the page of nlctl graph, in a browser
	tests/check page

model: setup ## run the module's own files in userspace: fuzzing, want of memory
	tests/check model

fuzz: setup ## feed all that reads input, until something breaks
	$(MAKE) module-debug
	tests/fuzz/forever

fault: setup ## fail each allocation of each request, and kill nlctl everywhere
	$(MAKE) nlctl module-debug module-debian-6.1
	tests/check fault killed

kunit: setup ## run the kernel unit tests in the debug kernel
	tests/check kunit

race: setup ## race commits, packets, namespaces and unloading in the debug kernel
	$(MAKE) nlctl module-debug
	tests/check race-debug

e2e: setup ## run the end-to-end tests on all three kernels
	$(MAKE) nlctl module
	tests/check e2e-debug e2e-6.12 e2e-6.1

upstream: setup ## run the upstream Kubernetes network policy tests
	$(MAKE) nlctl module-debian-6.1
	tests/check upstream

differential: setup ## hold the module against the evaluator on random clusters
	$(MAKE) nlctl module-debian-6.1
	tests/check differential

image: package ## build the image of the DaemonSet in deploy/
	deploy/image/build $(BUILD)/package $(BUILD)/image $(IMAGE) $(IMAGE_OPTIONS)

check-image: setup ## build the image, and run its containers as a node does
	tests/check image

deploy: setup ## test what deploys the agent: manifests, rights, the image's programs
	$(MAKE) nlctl module-debian-6.1
	tests/check deploy

check-cluster: setup ## run agents against a real API server, three nodes of it
	$(MAKE) nlctl module-debian-6.12
	tests/check cluster

check-node: setup ## run the DaemonSet on a node with a real kubelet
	tests/check node

check-package: setup ## install, upgrade, boot and remove the Debian packages
	tests/check package

bench: setup ## hold podwall against its peers, write docs/benchmarks (four hours)
	$(MAKE) nlctl module-debian-6.12
	tests/bench/run

bench-gate: setup ## hold what a packet costs against what was recorded
	$(MAKE) nlctl module-debian-6.12
	tests/bench/gate

bench-scale: setup ## run the agent in a cluster of 100,000 pods, and time it
	$(MAKE) nlctl
	tests/scale/run --json docs/benchmarks/raw/scale.json

bench-record: setup ## record what a packet costs
	$(MAKE) nlctl module-debian-6.12
	tests/bench/gate --record

vm-shell: ## a root shell in a virtual machine (KERNEL=debian-6.1, ...)
	@tests/vm/run --kernel $(KERNEL) --shell

package: setup ## build the Debian packages, in build/package
	tests/package/build $(BUILD)/package

install: nlctl ## install the tool and the agent, manual pages and completion
	$(MAKE) -C nlctl BUILD=$(BUILD)/nlctl DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) install

install-service: ## install the services: the policy at boot, the agent
	$(MAKE) -C nlctl BUILD=$(BUILD)/nlctl DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) \
		install-service install-agent-service

# What was installed before stays until the new module is built.
dkms-install: ## build and install the module through DKMS
	rm -rf $(DKMS_SOURCE)
	mkdir -p $(DKMS_SOURCE)
	cp -r VERSION dkms.conf kmod uapi $(DKMS_SOURCE)/
	dkms status -m podwall -v $(VERSION) | grep -q . || \
		dkms add -m podwall -v $(VERSION)
	dkms build --force -m podwall -v $(VERSION) $(DKMS_KERNEL:%=-k %)
	dkms install --force -m podwall -v $(VERSION) $(DKMS_KERNEL:%=-k %)

dkms-remove: ## remove the module from DKMS
	dkms remove -m podwall -v $(VERSION) --all
	rm -rf $(DKMS_SOURCE)

clean: ## remove what was built here (the cache of kernels stays)
	rm -rf $(BUILD)
