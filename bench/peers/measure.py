#!/usr/bin/python3
"""Runs a command and writes what its process cost, startup included: CPU seconds (user + system), elapsed seconds, peak resident MB.
measure.py FILE COMMAND..."""
import os, sys, time

began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
elapsed = time.perf_counter() - began
with open(sys.argv[1], "w") as file:
    file.write(f"{usage.ru_utime + usage.ru_stime} {elapsed} {usage.ru_maxrss * 1024 / 1e6}\n")
sys.exit(os.waitstatus_to_exitcode(status))
