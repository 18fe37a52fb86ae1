// Updates of parameters.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { RK_SGD, RK_ADAM, RK_RMSPROP, RK_ADAGRAD, RK_ASGD, RK_ANCHORED, RK_AVERAGE } rk_optimizer;

// One update of `count` parameters in place, PyTorch's rules. Unused buffers are NULL.
typedef struct {
  rk_optimizer kind;
  int64_t count;
  float *parameter;
  const float *gradient;  // NULL for zero everywhere
  float *first, *second, *third;  // momentum or mean, squares, maximum / mean of RMSprop / average of ASGD / anchor
  double gradient_scale;           // from clipping
  double learning_rate;
  double weight_decay;      // added to the gradient
  double decoupled_decay;   // factor that multiplies the parameter first (AdamW), 1 for none
  double beta1, beta2, epsilon;
  double correction1, correction2;  // Adam: step size divisor and square root of the second bias correction
  double momentum, dampening;
  double mu;  // ASGD: weight of the new value in the average; anchored: share of the way back to the anchor
  bool nesterov, first_step, amsgrad, centered;
} rk_optimizer_args;
