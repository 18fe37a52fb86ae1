// The largest of the scores of each row.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Of each row of scores [R, V] the largest numbers, or with `normalizes` the largest logarithms of its softmax: by falling
// number, equal ones by rising class. What is no number or minus infinity is not among them.
typedef struct {
  int64_t rows, classes;
  const float *scores;
  bool normalizes;
  int64_t column;         // the class whose number is wanted of every row
  const int64_t *starts;  // [R + 1]: row r has room for starts[r + 1] - starts[r] results from starts[r] on, V at most
  int32_t *found;         // out: classes
  float *values;          // out: their numbers
  int64_t *counts;        // [R] out: how many were found
  float *singles;         // [R] out: the number of `column`
} rk_likeliest_args;
