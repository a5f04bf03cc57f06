"""Run Python without the right to overrule file permissions, which root has and an ordinary user has not."""

from __future__ import annotations

CANNOT_DROP = 77

WITHOUT_PRIVILEGE = f"""
import ctypes, os, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None)
    for capability in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, by prctl(PR_CAPBSET_DROP)
        if libc.prctl(24, capability, 0, 0, 0):
            sys.exit({CANNOT_DROP})
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], *sys.argv[2:]])
"""
"""Source of a program that drops the right and runs its first argument as Python; ends with CANNOT_DROP where it may not."""
