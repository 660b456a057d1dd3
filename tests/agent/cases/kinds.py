# SPDX-License-Identifier: GPL-2.0-only
"""Which kinds the server has, and which it has not."""

from cluster import CUSTOM, GROUP, KINDS
from world import poll, requests


def case_all_kinds(world):
    """every kind is listed, and watched"""
    for plural in CUSTOM:
        world.cluster.define(plural, True, True)
        world.cluster.put(plural, "default")
    listener = world.listen(*KINDS, wait=False)
    world.same(listener, *KINDS)
    for plural in KINDS:
        world.watched(listener, plural)
        world.cluster.put(plural, "default/more" if plural in ("pods", "networkpolicies")
                          else "more")
    world.same(listener, *KINDS)
    assert any("clusternetworkpolicies default" in one and one.endswith("/v1alpha2")
               for one in listener.events), listener.story()
    counts = listener.ask_counts()
    for plural in KINDS:
        assert counts[plural] == {"lists": "1", "watches": "1", "events": "1", "failures": "0",
                                  "complete": "1", "watching": "1", "served": "1"}, counts


def case_absent(world):
    """a kind that is neither served nor defined is empty, until it is served"""
    listener = world.listen("clusternetworkpolicies", wait=False)
    listener.wait_lists("clusternetworkpolicies", 1)
    listener.wait_said("does not serve ClusterNetworkPolicy")
    poll("a second look", lambda: len(requests(world, "customresourcedefinitions")) > 2)
    world.cluster.define("clusternetworkpolicies", True, True)
    world.cluster.put("clusternetworkpolicies", "one")
    world.same(listener, "clusternetworkpolicies")
    assert listener.said_times("does not serve") == 1, listener.story()


def case_not_served(world):
    """404 while the definition exists empties nothing"""
    plural = "clusternetworkpolicies"
    world.cluster.define(plural, True, True)
    world.cluster.put(plural, "one")
    listener = world.listen(plural, wait=False)
    world.same(listener, plural)
    world.watched(listener, plural)
    world.cluster.define(plural, True, False)
    world.cluster.cut(plural, "close")
    poll("looks at the definition",
         lambda: len(requests(world, "customresourcedefinitions")) > 2)
    listener.wait_said(f"{plural} are not served: they are defined")
    # Even if nobody may look at the definition.
    world.cluster.fault(match="customresourcedefinitions", action="status", status=403, count=-1)
    listener.wait_said("grant get of customresourcedefinitions .apiGroups: apiextensions.k8s.io. "
                       f"named {plural}.{GROUP}")
    assert listener.pictures[plural], listener.story()
    world.cluster.clear()
    world.cluster.put(plural, "two")
    world.cluster.define(plural, True, True)
    world.same(listener, plural)


def case_deleted_definition(world):
    """a definition that is deleted takes its objects along"""
    plural = "adminnetworkpolicies"
    world.cluster.define(plural, True, True)
    world.cluster.put(plural, "one")
    listener = world.listen(plural, wait=False)
    world.same(listener, plural)
    world.watched(listener, plural)
    with listener.lock:
        listener.stable.clear()
    world.cluster.remove(plural, "one")
    world.cluster.define(plural, False, False)
    world.cluster.cut(plural, "close")
    listener.wait_said("does not serve AdminNetworkPolicy")
    world.same(listener, plural)
