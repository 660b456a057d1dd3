# SPDX-License-Identifier: GPL-2.0-only
"""Watches: how they end, and what comes in them."""

from world import poll, requests


def case_goes_on(world):
    """a watch that ends by its time goes on from where it was, without a list"""
    listener = world.listen(watch=1)
    for _ in range(3):
        before = len(requests(world, "watch=true"))
        world.change(listener)
        poll("another watch", lambda before=before: len(requests(world, "watch=true")) > before)
    assert listener.lists["pods"] == 1, listener.story()
    assert len(requests(world, "limit=1$")) == 0
    assert listener.ask_counts()["pods"]["failures"] == "0", listener.story()


def case_bookmark(world):
    """a bookmark moves the place where the next watch goes on"""
    listener = world.listen(watch=1)
    world.watched(listener)
    version = world.cluster.put("nodes", "two")
    poll("a watch from there", lambda: requests(world, f"watch=true.*resourceVersion={version}"))
    world.change(listener)
    assert listener.lists["pods"] == 1


def case_gone_event(world):
    """410 in a watch: a new list, and no object is lost"""
    listener = world.listen()
    world.watched(listener)
    world.stop()
    with listener.lock:
        listener.stable.discard(("pods", "default/pod-2"))
    world.cluster.remove("pods", "default/pod-2")
    world.cluster.compact()
    world.start()
    world.same(listener)
    world.change(listener)
    assert listener.lists["pods"] == 2, listener.story()


def case_gone_status(world):
    """410 as the status of a watch"""
    world.cluster.settings(gone_frame=False)
    case_gone_event(world)


def case_gone_again(world):
    """410 to each watch: lists come with growing pauses, not in a rush"""
    world.cluster.fault(match="watch=true", action="status", status=410, count=6)
    listener = world.listen()
    listener.wait_lists("pods", 7)
    world.change(listener)


def case_broken_watch(world):
    """watches that break: closed, reset, truncated, each time with changes missed"""
    listener = world.listen()
    for how in ("close", "reset", "truncate") * 2:
        world.watched(listener)
        world.cluster.cut("pods", how)
        world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()


def case_silent_watch(world):
    """half open: a watch on which nothing comes any more, over a connection that lives"""
    listener = world.listen(watch=1, overtime=300)
    world.watched(listener)
    world.cluster.cut("pods", "hang")
    world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()


def case_split(world):
    """a watch whose every byte comes on its own"""
    world.cluster.settings(split=True)
    listener = world.listen()
    world.watched(listener)
    world.change(listener)
    world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()


def case_nonsense(world):
    """what is no event ends the watch, and a list makes good for it"""
    listener = world.listen()
    lists = 1
    for text in ("nonsense\n", "{}\n", '{"type": "ADDED", "object": 7}\n',
                 '{"type": "MODIFIED", "object": {"metadata": {"name": "x"}}}\n',
                 '{"type": "DELETED"}\n', "\x00\n", "[]\n"):
        world.watched(listener)
        world.cluster.inject("pods", text)
        lists += 1
        listener.wait_lists("pods", lists)
        world.change(listener)


def case_unknown_type(world):
    """an event of an unknown type is passed over, and told of once"""
    listener = world.listen()
    world.watched(listener)
    for _ in range(3):
        world.cluster.inject("pods", '{"type": "BLESSED", "object": {}}\n')
    world.change(listener)
    listener.wait_said("BLESSED")
    world.change(listener)
    assert listener.said_times("BLESSED") == 1, listener.story()
    assert listener.lists["pods"] == 1, listener.story()


def case_error_event(world):
    """errors within a watch: those of the server go on, others begin anew"""
    listener = world.listen()
    lists = 1
    for code in (500, 504, 429, 400, 410, 0):
        world.watched(listener)
        world.cluster.inject("pods", '{"type": "ERROR", "object": {"kind": "Status", '
                             f'"code": {code}, "message": "asked to"}}}}\n')
        lists += code in (400, 410)
        world.change(listener)
        listener.wait_lists("pods", lists)
        assert listener.lists["pods"] == lists, listener.story()


def case_huge_event(world):
    """an event that is too large is not taken, and a list makes good for it"""
    listener = world.listen(frame=100000)
    world.watched(listener)
    world.cluster.put("pods", "default/huge", {"x": "y" * 200000})
    world.same(listener)
    assert listener.lists["pods"] == 2, listener.story()
    world.cluster.put("pods", "default/large", {"x": "y" * 90000})
    world.same(listener)
    assert listener.lists["pods"] == 2, listener.story()


def case_odd_objects(world):
    """characters of any kind in an object"""
    odd = {"metadata": {"annotations": {"a": "\x00\x1b\n\u2028\U0001f600", "": "x" * 10000}}}
    world.cluster.put("pods", "default/odd", odd)
    listener = world.listen()
    world.watched(listener)
    world.cluster.put("pods", "default/odder", odd)
    world.same(listener)
    assert listener.lists["pods"] == 1, listener.story()
