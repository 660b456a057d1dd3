# SPDX-License-Identifier: GPL-2.0-only
"""What is measured: contender/scene/flow, for each family."""

import argparse
import fnmatch

# Contenders without a policy meet one flow, in one scene.
IDLE = ["no-hooks", "conntrack", "accept", "podwall-off"]
PEERS = ["nft-chains", "nft-flat", "ipset", "ebpf", "ebpf-connections"]

# For podwall; a cluster's, whose policy its peers are not given.
WORKLOADS = ["tiny", "W"]
WORKLOAD_FLOWS = ["one-end", "one-end-server", "one-end-external", "both-ends", "no-end"]

SCENES = {
    "rules-1": ["podwall", *PEERS],
    "rules-20": ["podwall", *PEERS],
    "rules-100": ["podwall", *PEERS],
    "rules-500": ["podwall", *PEERS],
    "rules-10000": ["podwall"],
    "addresses-20": ["podwall", *PEERS],
    "addresses-1000": ["podwall", *PEERS],
    "addresses-100000": ["podwall", *PEERS],
    "blocks-20": ["podwall", *PEERS],
    "blocks-1000": ["podwall", *PEERS],
    "blocks-10000": ["podwall"],
}
# Connections, whose throughput is measured, of IPv4 alone.
STREAM = "stream-20/stream"
# The scene in which all flows are measured; in the others one is.
MAIN = "rules-20"


def all_cases():
    cases = [f"{contender}/rules-1/one-end" for contender in IDLE]
    for scene, contenders in SCENES.items():
        cases += [f"{contender}/{scene}/one-end" for contender in contenders]
    for contender in ["conntrack", "podwall", *PEERS]:
        cases += [f"{contender}/{MAIN}/one-end-established"]
        # Without its conntrack entry a denied packet costs one each time.
        cases += [f"{contender}/{MAIN}/denied"] if contender != "conntrack" else []
        # The program of the server's end is not ours to write a second time.
        if not contender.startswith(("ebpf", "conntrack")):
            cases += [f"{contender}/{MAIN}/both-ends"]
    cases += [f"podwall-{kind}/{MAIN}/denied" for kind in ["audit", "heard"]]
    cases += [f"{contender}/{STREAM}"
              for contender in ["no-hooks", "conntrack", "accept", "podwall", *PEERS]]
    cases += [f"podwall/{name}/{flow}" for name in WORKLOADS for flow in WORKLOAD_FLOWS]
    return cases


CASES = all_cases()


def parse(text):
    """Names and patterns, with commas between."""
    chosen = []
    for pattern in text.split(","):
        matching = fnmatch.filter(CASES, pattern)
        if not matching:
            raise argparse.ArgumentTypeError(
                f'no case matches "{pattern}"; there are: {", ".join(CASES)}')
        chosen += matching
    return [case for case in CASES if case in chosen]


def of_family(family, chosen):
    return [case for case in chosen if family == 4 or not is_stream(case)]


def is_stream(case):
    return case.endswith(STREAM)


def scene_of(case):
    return case.split("/")[1]


def contender_of(case):
    return case.split("/")[0]


def floors_of(case):
    """What a case is held against: the same packets without a policy.

    Whoever leaves conntrack out is held against no hooks alone; a packet that is
    denied goes no further, and is held against nothing.
    """
    contender, _, flow = case.split("/")
    if flow == "denied":
        return {}
    if flow.endswith("-established"):
        if contender == "ebpf-connections":
            return {}
        return {"conntrack": f"conntrack/{MAIN}/one-end-established"}
    floors = {"no_hooks": "no-hooks/rules-1/one-end"}
    if contender not in ("no-hooks", "podwall-off", "ebpf-connections"):
        floors["conntrack"] = "conntrack/rules-1/one-end"
        floors["accept"] = "accept/rules-1/one-end"
    return floors
