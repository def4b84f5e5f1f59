"""Make sockets of every other family, type and protocol, also as pairs.

group: network
must: prints held
"""
# %%
import socket

fine = {(1, kind) for kind in (1, 2, 3, 5)} | {(family, kind) for family in (2, 10) for kind in (1, 2)}
for family in range(64):
    for kind in (1, 2, 3, 4, 5, 6, 10):
        for protocol in (0, 1, 2, 6, 17, 33, 58, 108, 132, 136, 255, 256, 262):
            try:
                socket.socket(family, kind, protocol).close()
                route = (family, protocol) == (16, 0)  # tells which interfaces there are
                if not route and ((family, kind) not in fine
                                  or family != 1 and protocol not in (0, 6, 17)):
                    print("broke", family, kind, protocol)
            except OSError:
                pass
    if family != 1:
        try:
            socket.socketpair(family, 1)
        except OSError as error:
            if error.errno != 97:
                print("broke pair", family, error)
print("held")
