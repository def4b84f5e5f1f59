"""Reach sockets of the host by path and by abstract name.

group: network
must: prints held
"""
# %%
import os
import socket

for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    for name in (os.environ["SOCKET"], "\0" + os.environ["ABSTRACT"], "/run/docker.sock",
                 "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private",
                 "\0/tmp/.X11-unix/X0", "/tmp/.X11-unix/X0", "/dev/log"):
        try:
            socket.socket(socket.AF_UNIX, kind).connect(name)
            print("broke", name)
        except OSError:
            pass
print("held")
