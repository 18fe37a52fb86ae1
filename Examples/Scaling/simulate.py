"""How a step would scale to ranks that nobody here has: from measured seconds of a step and of a link.

    simulate.py STEP_SECONDS PARAMETERS

Every rank computes the same number of rows as one rank alone (weak scaling). A step then takes the computation, three rounds of
N - 1 messages (header, exchange, gather) and 2 (N - 1) / N of the gradient over the link of a rank. Links do not disturb each
other, all ranks are equally fast, and nothing overlaps.
"""

import sys

step, parameters = float(sys.argv[1]), int(sys.argv[2])
links = [("1 Gbit/s TCP", 117e6, 50e-6), ("10 Gbit/s TCP", 1.17e9, 30e-6), ("100 Gbit/s RDMA", 11e9, 3e-6)]
print("| link | " + " | ".join(f"N = {n}" for n in (2, 4, 16, 64, 256, 1024)) + " |")
print("|---|" + "---|" * 6)
for name, bandwidth, latency in links:
    cells = []
    for count in (2, 4, 16, 64, 256, 1024):
        exchange = 2 * (count - 1) / count * 4 * parameters / bandwidth + 3 * (count - 1) * latency
        cells.append(f"{count * step / (step + exchange):.1f} ({100 * step / (step + exchange):.0f} %)")
    print(f"| {name} | " + " | ".join(cells) + " |")
