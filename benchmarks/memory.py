"""How much memory a process took at most."""


def peak() -> float:
    """MB of this one. What getrusage() says of a process begins at the size of the one that
    started it."""
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
