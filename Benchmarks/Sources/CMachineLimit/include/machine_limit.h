// How many multiply-adds a core can do when nothing is loaded or stored: what kernels are measured against.
#pragma once

#include <stdint.h>

// Runs `rounds` times 12 independent chains of fused multiply-adds in registers, on vectors as wide as this CPU has.
// Returns the floating-point operations done.
double machine_limit_run(int64_t rounds);
