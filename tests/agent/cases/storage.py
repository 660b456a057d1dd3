# SPDX-License-Identifier: GPL-2.0-only
"""Servers that come and go, and what they have when they are back."""

import os
import random


def case_restart(world):
    """a server that is killed and comes back, told of once"""
    # All watches have ended long before the outage is told of: each way in which one
    # ends would be told of by itself.
    listener = world.listen("pods", "nodes", outage=2000)
    world.same(listener, "nodes")
    for _ in range(2):
        world.watched(listener)
        listener.said.clear()
        world.stop()
        listener.wait_said("is not reachable")
        world.cluster.put("nodes", f"new-{world.cluster.version}")
        world.start()
        world.change(listener)
        world.same(listener, "nodes")
        listener.wait_said("answers again")
        assert listener.said_times("is not reachable") == 1, listener.story()
        assert listener.said_times("cannot be") == 0, listener.story()
    assert listener.lists == {"pods": 1, "nodes": 1}, listener.story()


def case_restored(world):
    """a server whose storage is an older copy"""
    listener = world.listen()
    world.change(listener)
    world.watched(listener)
    world.stop()
    world.cluster.rewind(5)
    world.start()
    world.same(listener)
    assert listener.lists["pods"] == 2, listener.story()
    # What happens then has versions that were seen before.
    world.change(listener)
    assert listener.lists["pods"] == 2, listener.story()


def case_backwards(world):
    """an event that is older than the picture: the storage was replaced meanwhile"""
    listener = world.listen()
    world.watched(listener)
    world.cluster.inject("pods", '{"type": "DELETED", "object": {"metadata": {"name": "pod-0", '
                         '"namespace": "default", "resourceVersion": "7"}}}\n')
    listener.wait_lists("pods", 2)
    world.change(listener)


def case_storm(world):
    """any faults, in any order, while objects come and go"""
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    dice = random.Random(seed)
    print(f"# SEED={seed}")
    listener = world.listen(watch=1, silence=300, overtime=300)
    for step in range(60):
        match dice.randrange(8):
            case 0:
                world.cluster.fault(match=dice.choice(("limit=", "watch=", "continue=")),
                                    action=dice.choice(("reset", "close", "garbage", "hang",
                                                        "truncate")))
            case 1:
                world.cluster.fault(match="pods", action="status",
                                    status=dice.choice((410, 429, 500, 503)))
            case 2:
                world.cluster.cut("pods", dice.choice(("close", "reset", "truncate", "hang")))
            case 3:
                world.cluster.compact()
            case 4:
                name = f"default/some-{dice.randrange(5)}"
                with listener.lock:
                    listener.stable.discard(("pods", name))
                if name in world.cluster.objects["pods"]:
                    world.cluster.remove("pods", name)
            case _:
                world.cluster.put("pods", f"default/some-{dice.randrange(5)}")
        if step % 20 == 19:
            world.cluster.clear()
            wanted = world.cluster.keys("pods")
            listener.wait("the same", lambda wanted=wanted: "pods" not in listener.pending and
                          listener.pictures["pods"] == wanted)
