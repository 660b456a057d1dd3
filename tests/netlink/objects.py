# SPDX-License-Identifier: GPL-2.0-only
"""Short ways to write podwall's objects as requests take them."""

import ipaddress


def ip(text):
    parsed = ipaddress.ip_address(text)
    return {f"ipv{parsed.version}": str(parsed)}


def address(text, identity):
    return {**ip(text), "identity": identity}


def network(text):
    base, _, length = text.partition("/")
    return {**ip(base), "prefix-length": int(length)}


def block(text, *excepts):
    return {"network": network(text), "except": [network(one) for one in excepts]}


def ports(first, last=None, protocol=6):
    return {"protocol": protocol, "first": first, "last": last or first}


def rule(**changes):
    """A rule that is right, but for what is changed; None leaves one out."""
    out = {
        "tier": "admin",
        "action": "deny",
        "any-peer": True,
        "any-port": True,
        "origin": "a rule",
    }
    out.update({name.replace("_", "-"): value for name, value in changes.items()})
    return {name: value for name, value in out.items() if value is not None}


def addresses(*pairs):
    return "address-new", {"address": [address(*pair) for pair in pairs]}


def peer_set(id_, name, identities=(), blocks=(), append=False):
    values = {"id": id_, "identity": list(identities), "block": list(blocks)}
    values.update({"append": True} if append else {"name": name})
    return "peer-set-new", values


def rule_set(
    id_, *rules, direction="ingress", isolated=None, isolation_audited=False, append=False
):
    values = {"id": id_, "rule": list(rules)}
    values.update({"append": True} if append else {"direction": direction})
    if isolated:
        values.update({"isolated": True, "isolation-origin": isolated})
    if isolation_audited:
        values.update({"isolation-audited": True})
    return "rule-set-new", values


def pod(key, *ips, **more):
    values = {"key": key, "address": [ip(one) for one in ips]}
    values.update({name.replace("_", "-"): value for name, value in more.items()})
    return "pod-new", values


def connection(client, server, protocol=6, **more):
    values = {"protocol": protocol}
    for end, text in (("client", client), ("server", server)):
        for family, value in ip(text).items():
            values[f"{end}-{family}"] = value
    values.update({name.replace("_", "-"): value for name, value in more.items()})
    return values
