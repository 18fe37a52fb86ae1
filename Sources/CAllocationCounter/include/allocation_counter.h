// Counts what a thread asks from the system's allocator, for tests that promise to ask for nothing.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Whether calls are counted in this program: where the C library lets a program put its own malloc in front.
bool allocation_counter_works(void);

// Calls of malloc, calloc, realloc and the aligned forms by this thread since it began.
uint64_t allocation_counter_value(void);
