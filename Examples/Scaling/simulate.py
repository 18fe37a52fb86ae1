"""How a step would scale to ranks that nobody here has: from measured seconds of a step and of a link.

    simulate.py STEP_SECONDS PARAMETERS [EXPOSED]

Every rank computes the same number of rows as one rank alone (weak scaling). A step then takes the computation and what is not hidden
behind it of the exchange: EXPOSED is the share of the parameters whose gradients are known last, by default 1, as if nothing overlapped. The
exchange is 2 (N - 1) / N of the gradient over the link of a rank and two rounds of N - 1 messages for each slice, of 1 MiB or more and
of 16 kB or more for each rank, at most 8 of them, for a slice ends with a matrix; header and losses are two more. Links do not disturb
each other, and all ranks are equally fast.
"""

import sys

step, parameters = float(sys.argv[1]), int(sys.argv[2])
exposed = float(sys.argv[3]) if len(sys.argv) > 3 else 1
links = [("1 Gbit/s TCP", 117e6, 50e-6), ("10 Gbit/s TCP", 1.17e9, 30e-6), ("100 Gbit/s RDMA", 11e9, 3e-6)]
print("| link | " + " | ".join(f"N = {n}" for n in (2, 4, 16, 64, 256, 1024)) + " |")
print("|---|" + "---|" * 6)
for name, bandwidth, latency in links:
    cells = []
    for count in (2, 4, 16, 64, 256, 1024):
        slices = max(1, min(8, parameters // max(1 << 18, count << 12)))
        whole = 2 * (count - 1) / count * 4 * parameters / bandwidth + 2 * slices * (count - 1) * latency
        # what is sent while the backward pass goes on can take no longer than that, two thirds of a step
        exchange = max(exposed * whole, whole - 2 / 3 * step) + 2 * (count - 1) * latency
        cells.append(f"{count * step / (step + exchange):.1f} ({100 * step / (step + exchange):.0f} %)")
    print(f"| {name} | " + " | ".join(cells) + " |")
