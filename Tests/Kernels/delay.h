#pragma once

// Put between phases of the kernels in test builds.
void rk_test_delay(void);
