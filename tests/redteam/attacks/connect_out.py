"""Connect to the host and to the world: TCP, UDP, DNS.

group: network
must: prints held
limits: cell_seconds=8
"""
# %%
import os
import socket

port = int(os.environ["PORT"])
for family, where in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1"),
                      (socket.AF_INET, "198.51.100.9"),
                      (socket.AF_INET, "203.0.113.1"), (socket.AF_INET, "198.51.100.1"),
                      (socket.AF_INET6, "::1"), (socket.AF_INET6, "2001:db8::1"),
                      (socket.AF_INET6, "fe80::1")):
    for number in (port, 22, 53, 80, 111, 443):
        try:
            with socket.socket(family) as one:
                one.settimeout(0.5)
                one.connect((where, number))
            print("broke", where, number)
        except OSError:
            pass
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        try:
            one.sendto(b"x", (where, 53))
            if where not in ("127.0.0.1", "::1"):
                print("broke udp", where)
        except OSError:
            pass
for name in ("example.com", "localhost.localdomain", "metadata.google.internal"):
    try:
        print("broke", socket.getaddrinfo(name, 80))
    except OSError:
        pass
print("held")
