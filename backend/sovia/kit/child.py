"""Becomes another program, run as a file: `child.py [--nobody] SIGNAL PARENT ARGV...` or `child.py --leave ARGV...`.

The first form ends with its parent, as nobody if asked to; the second outlives it.
"""

import ctypes
import os
import sys
from pathlib import Path

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def become_nobody() -> None:
    """Enter a user namespace in which this user is called nobody.

    PostgreSQL refuses to run as root. Inside the namespace it sees another name, outside nothing changes: files stay
    the caller's own, no account is made, no permission is widened. OSError where the system forbids namespaces.
    """
    outer_user, outer_group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {outer_user} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {outer_group} 1")


def end_with_parent(signal_number: int, parent: int) -> None:
    """Have the kernel send the signal to this process when its parent dies, even by kill -9 (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    # The parent may have died before the line above; then no signal will ever come.
    if os.getppid() != parent:
        sys.exit(1)


def leave_parent() -> None:
    """Go on as a child of init in a session of its own: no Ctrl-C reaches it, nobody has to collect it."""
    if os.fork() != 0:
        os._exit(0)
    os.setsid()


def main(arguments: list[str]) -> None:
    """Prepare this process, then replace it by the program; unless it leaves its parent, the process number stays."""
    if arguments[0] == "--leave":
        leave_parent()
        os.execv(arguments[1], arguments[1:])
    nobody = arguments[0] == "--nobody"
    signal_number, parent, *argv = arguments[1:] if nobody else arguments
    if nobody:
        become_nobody()
    # After the namespace: entering one clears the wish.
    end_with_parent(int(signal_number), int(parent))
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main(sys.argv[1:])
