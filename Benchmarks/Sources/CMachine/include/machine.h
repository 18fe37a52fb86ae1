// What the benchmark asks of the processor and the system.
#pragma once

#include <stdint.h>

// Runs `rounds` times 12 independent chains of fused multiply-adds in registers, on vectors as wide as this CPU has:
// how many multiply-adds a core can do when nothing is loaded or stored, which is what kernels are measured against.
// Returns the floating-point operations done.
double machine_limit_run(int64_t rounds);

// Binds the whole process to the first `count` processors that it may use. Returns 0 when that was done.
int machine_use_processors(int count);

// Binds each thread of the process to one of the processors that the process may use, in turn. Returns 0 when that was
// done. Only on Linux.
int machine_pin_threads(void);
