# SPDX-License-Identifier: GPL-2.0-only
"""Keys and certificates of a fake API server, of strangers, and of a client."""

import os
import subprocess


def openssl(*words):
    subprocess.run(("openssl", *words), check=True, capture_output=True)


def make_authority(directory, name):
    path = f"{directory}/{name}"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{path}.key", "-out", f"{path}.crt")


def make_certificate(directory, name, authority, alternative, days=2):
    path = f"{directory}/{name}"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            f"/CN={name}", "-keyout", f"{path}.key", "-out", f"{path}.request")
    with open(f"{path}.extensions", "w", encoding="ascii") as file:
        file.write(f"subjectAltName={alternative}\n")
    openssl("x509", "-req", "-in", f"{path}.request", "-days", str(days), "-set_serial",
            str(int.from_bytes(os.urandom(8), "big") >> 1), "-CA", f"{directory}/{authority}.crt",
            "-CAkey", f"{directory}/{authority}.key", "-extfile", f"{path}.extensions", "-out",
            f"{path}.crt")


def make_certificates(directory, addresses=("127.0.0.1",)):
    """All that the tests need: of the server, of one that is none, and of a client."""
    if os.path.exists(f"{directory}/client.crt"):
        return
    here = ",".join(["DNS:localhost", *(f"IP:{address}" for address in addresses)])
    make_authority(directory, "authority")
    make_authority(directory, "stranger")
    make_certificate(directory, "server", "authority", here)
    make_certificate(directory, "elsewhere", "authority", "DNS:elsewhere.example")
    make_certificate(directory, "forged", "stranger", here)
    make_certificate(directory, "expired", "authority", here, days=-1)
    make_certificate(directory, "client", "authority", "DNS:client")
