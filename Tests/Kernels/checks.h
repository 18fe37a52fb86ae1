// All checks by name: each draws a case and returns how many results differ; `name` gets what it was.
#pragma once

#include "harness.h"

typedef struct {
  const char *kernel;
  int64_t (*check)(char *name);
} kernel_check;

// Kernels that take a team.
static const kernel_check team_checks[] = {
    {"recurrent", check_recurrent}, {"recurrent", check_recurrent}, {"recurrent", check_recurrent},
    {"scan", check_scan},           {"slstm", check_slstm},         {"mlstm", check_mlstm},
    {"gemm", check_gemm},           {"scatter", check_scatter},     {"step", check_step},
    {"ctc", check_ctc},             {"attention", check_attention}, {"likeliest", check_likeliest},
};

static const kernel_check single_checks[] = {
    {"elements", check_elements},           {"rows", check_rows},           {"cross-entropy", check_cross_entropy},
    {"layer norm", check_layer_norm},       {"optimizer", check_optimizer}, {"layout", check_layout},
};

static const int64_t team_check_count = sizeof team_checks / sizeof *team_checks;
static const int64_t single_check_count = sizeof single_checks / sizeof *single_checks;

// Check `number` of all, those of teams first.
static inline const kernel_check *check_of(int64_t number) {
  return number < team_check_count ? &team_checks[number] : &single_checks[number - team_check_count];
}
