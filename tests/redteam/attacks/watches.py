"""Use up what the kernel keeps for an account: watches, timers, events, terminals, descriptors.

group: resources
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for name, go in {"inotify": lambda: libc.inotify_init1(0), "epoll": lambda: libc.epoll_create1(0),
                 "eventfd": lambda: libc.eventfd(0, 0), "timerfd": lambda: libc.timerfd_create(1, 0),
                 "ptmx": lambda: libc.posix_openpt(os.O_RDWR)}.items():
    made = []
    while (number := go()) >= 0 and len(made) < 10_000:
        made.append(number)
    if len(made) > 512:
        print("broke", name, len(made))
    for number in made:
        os.close(number)
kept = [libc.inotify_init1(0) for _ in range(200)]
timers = ctypes.c_void_p()
for _ in range(100):
    libc.timer_create(1, None, ctypes.byref(timers))
print("held")
