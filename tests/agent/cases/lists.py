# SPDX-License-Identifier: GPL-2.0-only
"""Lists: pages, refusals, and what breaks."""

import email.utils
import time

from world import requests


def case_pages(world):
    """a list comes in pages, the last of which is short"""
    world.listen()
    asked = requests(world, "pods.limit")
    assert len(asked) == 3 and all("limit=4" in one for one in asked), asked
    assert all("continue=" in one for one in asked[1:]), asked
    # Only the storage itself is asked, not what a server that lags remembers.
    assert not any("resourceVersion" in one for one in asked), asked


def case_gone_page(world):
    """410 within a list: it begins anew"""
    world.cluster.fault(match="continue=", action="status", status=410, count=2)
    listener = world.listen()
    assert listener.lists["pods"] == 1
    begun = sum(one == "begin pods" for one in listener.events)
    assert begun == 3, listener.story()
    world.change(listener)


def case_refused(world):
    """429, 500, 503 and others, to lists and watches"""
    for status in (429, 500, 503, 504, 408):
        world.cluster.fault(match="limit=4", action="status", status=status, retry_after=0)
        world.cluster.fault(match="watch=true", action="status", status=status)
    listener = world.listen()
    world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()


def waited_for(world, retry_after):
    """Seconds between a refusal and the next attempt."""
    world.cluster.fault(match="limit=4", action="status", status=429, retry_after=retry_after)
    start = time.monotonic()
    world.listen()
    return time.monotonic() - start


def case_retry_after(world):
    """Retry-After in seconds is waited"""
    assert waited_for(world, 2) >= 2


def case_retry_after_date(world):
    """Retry-After as a date is waited"""
    # The date has whole seconds.
    assert waited_for(world, email.utils.formatdate(time.time() + 3, usegmt=True)) >= 1.5


def case_broken_list(world):
    """lists that break: reset, closed, truncated, no JSON"""
    for action in ("reset", "close", "truncate", "garbage"):
        world.cluster.fault(match="limit=4", action=action)
        world.cluster.fault(match="continue=", action=action)
    listener = world.listen()
    world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()


def case_large_page(world):
    """a page that is too large is asked for in smaller ones"""
    world.cluster.fault(match="limit=[234]", action="pad", size=200000, count=-1)
    world.listen(body=100000)
    assert requests(world, "limit=1"), world.cluster.requests


def case_drip(world):
    """a list that drips in"""
    world.cluster.fault(match="limit=4", action="drip", pieces=20, delay=0.02)
    world.listen()


def case_silent_list(world):
    """a server that takes the question and never answers"""
    world.cluster.fault(match="limit=4", action="hang")
    listener = world.listen(silence=300)
    world.change(listener)
