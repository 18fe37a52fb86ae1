// Numeric kernels of Recurrent: no allocation, no input or output, no global mutable state.
//
// Every kernel exists once as a vector source (template/) and is compiled for several instruction sets; rk_kernels_for
// returns the table of one of them. All paths give the same bits: an output element is one chain of fused multiply-adds
// in a fixed order, a sum over many elements uses 16 lanes and a fixed tree, and the transcendental functions are the
// same polynomials everywhere.
//
// Threads: a kernel that takes an rk_team is called by every member at once, with the same arguments; results do not
// depend on the size of the team. Matrices are row-major, sequences time-major.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Instruction sets

// The last one has dot products of bfloat16 and of bytes besides (avx512_bf16, avx512_vnni).
typedef enum { RK_ISA_SCALAR = 0, RK_ISA_AVX2 = 1, RK_ISA_AVX512 = 2, RK_ISA_AVX512_DOT = 3 } rk_isa;

// The best instruction set that this CPU runs, or -1 when it lacks hardware fused multiply-add.
int rk_best_isa(void);

// Processors that this process may run on.
int rk_processor_count(void);

// MARK: Teams

// Room for a barrier of a team; zeroed before its first use.
typedef struct {
  int64_t storage[16];
} rk_barrier;

typedef struct {
  int32_t index;        // which member, 0 ..< count
  int32_t count;        // members
  rk_barrier *barrier;  // shared by all members
} rk_team;

// Members wait for one another, for work and for the end of it by spinning for a short while and then sleeping. How long
// they spin at most is set here in nanoseconds; it becomes shorter by itself where waits are long.
void rk_barrier_set_spin(rk_barrier *barrier, int32_t nanoseconds);

// Makes the barrier ready for a team of any size; called before its members are, each time.
void rk_barrier_start(rk_barrier *barrier);

// Room for what a thread waits on for work; zeroed before its first use. No two share a cache line.
typedef struct {
  int64_t storage[16];
} rk_member;

void rk_member_set_spin(rk_member *member, int32_t nanoseconds);

// Wakes the member, for work or only for the calls that follow. A call for work may not follow another one whose work has
// not ended.
void rk_member_call(rk_member *member, bool to_work);

// Waits for a call after the one that is noted in `seen`, notes it, and returns whether it was for work.
bool rk_member_await(rk_member *member, int32_t *seen);

// Whether the member sleeps, so that a call takes far longer to reach it.
bool rk_member_sleeps(const rk_member *member);

// What the member says about its last work, read when that has ended.
void rk_member_set_worked(rk_member *member, int64_t nanoseconds);
int64_t rk_member_worked(const rk_member *member);

// Room for the number of members that have not ended; zeroed before its first use.
typedef struct {
  int64_t storage[16];
} rk_countdown;

void rk_countdown_set_spin(rk_countdown *countdown, int32_t nanoseconds);
void rk_countdown_start(rk_countdown *countdown, int32_t count);
void rk_countdown_finish_one(rk_countdown *countdown);
void rk_countdown_await(rk_countdown *countdown);  // returns when all have ended

// Measures how long the calling thread works: with a processor, and without what it waits for other members.
typedef struct {
  int64_t begin, waited, spun, pauses, processor;
} rk_meter;

void rk_meter_start(rk_meter *meter);

// Returns nanoseconds of work, and all that have gone by since the start in `elapsed`. Work of less than half a
// millisecond is taken to have had its processor all the time.
int64_t rk_meter_stop(const rk_meter *meter, int64_t *elapsed);

// Tells the processor that the caller spins.
static inline void rk_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// MARK: Element-wise work

typedef enum {
  RK_NEGATE, RK_EXP, RK_LOG, RK_SQRT, RK_SQUARE, RK_ABS, RK_SIGN, RK_RECIPROCAL,
  RK_SIGMOID, RK_TANH, RK_RELU, RK_SOFTPLUS
} rk_unary_op;

typedef enum {
  RK_ADD, RK_SUBTRACT, RK_MULTIPLY, RK_DIVIDE, RK_MAXIMUM, RK_MINIMUM, RK_GREATER,
  RK_TANH_GRADIENT,     // a = upstream gradient, b = tanh(x):    a (1 - b b)
  RK_SIGMOID_GRADIENT,  // a = upstream gradient, b = sigmoid(x): a b (1 - b)
  RK_RELU_GRADIENT      // a = upstream gradient, b = relu(x):    a where b > 0
} rk_binary_op;

// MARK: Matrix product

// C[M, N] (+)= op(A)[M, K] op(B)[K, N]. One stride of A and one of B must be 1.
typedef struct {
  int64_t m, n, k;
  const float *a;
  int64_t a_row, a_column;  // strides of op(A) between rows and between columns
  const float *b;
  int64_t b_row, b_column;      // strides of op(B); unused when b_packed is set
  const float *b_packed;        // made by pack_b, or NULL
  const float *bias;            // [N], added to every row, or NULL; only with accumulate = false
  float *c;
  int64_t c_row;    // stride between rows of C
  bool accumulate;  // start from C instead of from zero or bias
  float *scratch;   // gemm_scratch_bytes, 64-byte aligned
} rk_gemm_args;

// MARK: Sequences

// How the rows of a time-major batch are walked. A segment is a maximal run of steps of one batch row without a reset;
// segments are sorted by falling length, so those alive at step s are the first alive[s]. Slot offset[s] + j is
// segment j at step s; it stands at row first[j] + s * stride of the [T * B, F] inputs and outputs.
typedef struct {
  int64_t segments;       // S, including those of length zero
  int64_t steps;          // length of the longest segment
  int64_t slots;          // sum of all lengths
  const int64_t *first;   // [S]
  int64_t stride;         // B forward in time, -B backward
  const int64_t *alive;   // [steps]
  const int64_t *offset;  // [steps]
} rk_walk;

// RK_ELMAN takes its activation from the options.
typedef enum { RK_LSTM, RK_GRU, RK_GRU_RESET_BEFORE, RK_ELMAN_TANH, RK_ELMAN_RELU, RK_ELMAN } rk_cell;

// Activations of the ONNX operators, with their alpha and beta.
typedef enum {
  RK_ACTIVATE_TANH, RK_ACTIVATE_RELU, RK_ACTIVATE_SIGMOID,
  RK_ACTIVATE_AFFINE,            // alpha x + beta
  RK_ACTIVATE_LEAKY_RELU,        // x, below zero alpha x
  RK_ACTIVATE_THRESHOLDED_RELU,  // x above alpha, else 0
  RK_ACTIVATE_SCALED_TANH,       // alpha tanh(beta x)
  RK_ACTIVATE_HARD_SIGMOID,      // alpha x + beta, kept in 0 ... 1
  RK_ACTIVATE_ELU,               // x, below zero alpha (e^x - 1)
  RK_ACTIVATE_SOFTSIGN,          // x / (1 + |x|)
  RK_ACTIVATE_SOFTPLUS           // log(1 + e^x)
} rk_activation;

// How much of the old state a step leaves: all of it where `keep` is 1 and nothing where it is 0, or the same part,
// `rate`, everywhere.
typedef struct {
  const float *keep;  // [T * B, width of the state], or NULL
  float rate;
} rk_zoneout;

// What a cell does beyond its plain equations; all zero for nothing. R is the width of the state h: P or H.
typedef struct {
  rk_activation activation;  // RK_ELMAN
  float alpha, beta;
  int64_t projection;        // LSTM: P, width of h = W_hr m; 0 for none
  bool coupled;              // LSTM: f = 1 - i, gates i g o
  bool peephole;             // LSTM: the gates also see the cell state
  bool normalized;           // LSTM: layer normalisation of both products and of the cell state
  float cell_clip;           // LSTM: bound of |c|; 0 for none
  rk_zoneout zoneout_hidden, zoneout_cell;
  const float *recurrent_mask;  // [S, R], factors on h before the recurrent product, or NULL
} rk_options;

// Parameters of a cell; NULL for those that it does not have. G = 4, 3 or 1 gates.
typedef struct {
  const float *weight_ih, *weight_hh;  // [G * H, I], [G * H, R]
  const float *bias_ih, *bias_hh;      // [G * H]
  const float *weight_hr;              // [P, H]
  const float *peephole;               // [3 * H], gates i f o; coupled [2 * H], gates i o
  const float *norm_ih, *norm_hh;      // [G * H], scales of the normalised products
  const float *norm_cell, *norm_cell_bias;  // [H]
} rk_weights;

typedef struct {
  float *weight_ih, *weight_hh, *bias_ih, *bias_hh, *weight_hr, *peephole;
  float *norm_ih, *norm_hh, *norm_cell, *norm_cell_bias;
} rk_weight_gradients;

// What the operands of the products are rounded to; everything else is float32, sums among it.
//   bfloat16: one sum is a chain over pairs along K, acc = fma(even, even, fma(odd, odd, acc)), and numbers below the
//             normal range count as zero, as vdpbf16ps has it.
//   int8:     a scale for each row of the weights and for each row of inputs and of states, found as it comes; exact
//             sums of integers. Inference only; inputs and states have at most 65,536 numbers.
// Cells with options know float32 alone.
typedef enum { RK_FLOAT32 = 0, RK_BFLOAT16 = 1, RK_INT8 = 2 } rk_precision;

// A cell over a whole sequence. Weights and gate order are PyTorch's: LSTM i f g o, GRU r z n.
typedef struct {
  rk_cell cell;
  rk_precision precision;
  rk_walk walk;
  int64_t input, hidden;  // I, H
  const rk_options *options;  // NULL for none
  const float *x;         // [T * B, I]
  const float *h0, *c0;   // [S, R] and [S, H], one row a segment; c0 only for LSTM
  const float *packed;    // made by recurrent_pack for the same precision
  float *y;               // [T * B, R]; rows outside the walk are left alone
  float *hn, *cn;         // [S, R], [S, H]
  float *saved;           // recurrent_saved_bytes in training, NULL in inference
  float *scratch;         // recurrent_*_scratch_bytes
} rk_forward_args;

// All gradients of a cell over a whole sequence. Gradients of weights are written, not accumulated.
typedef struct {
  rk_cell cell;
  rk_precision precision;
  rk_walk walk;
  int64_t input, hidden;
  const rk_options *options;     // as in the forward pass
  const float *x, *y;            // as in the forward pass
  const float *h0, *c0;          // as in the forward pass
  rk_weights weights;
  float *saved;                  // of the forward pass; overwritten
  const float *dy;               // [T * B, R], or NULL for zero
  const float *dhn, *dcn;        // [S, R], [S, H], or NULL for zero
  float *dx;                     // [T * B, I], or NULL when not wanted; rows outside the walk are left alone
  float *dh0, *dc0;              // [S, R], [S, H]
  rk_weight_gradients gradients;
  float *scratch;                // recurrent_*_scratch_bytes
} rk_backward_args;

// A stage of a stack that is stepped: a cell whose walk has one step, or a product. What a stage reads is what the one
// before wrote; memory and prepared weights are the caller's and stay from step to step.
typedef struct {
  bool is_product;
  rk_forward_args cell;
  rk_gemm_args product;
} rk_step_stage;

// MARK: Scans

// What is left of a cell when the products over its input are done: recurrences without a product over the state. One
// row of gates a step, G blocks of H preactivations.
typedef enum {
  RK_SCAN_MIN_GRU,            // z n
  RK_SCAN_MIN_GRU_POSITIVE,   // z n, n passed through a positive function
  RK_SCAN_MIN_LSTM,           // f i n
  RK_SCAN_MIN_LSTM_POSITIVE,  // f i n
  RK_SCAN_INDRNN_TANH,        // one sum; vectors u
  RK_SCAN_INDRNN_RELU,
  RK_SCAN_SRU,                // x f r, and the residual; vectors v_f v_r
  RK_SCAN_QRNN_F,             // z f
  RK_SCAN_QRNN_FO,            // z f o
  RK_SCAN_QRNN_IFO            // z f o i
} rk_scan;

// Gates and residual have a row for each slot, in the order of slots, or one for each of the T * B rows.
typedef struct {
  rk_scan scan;
  rk_walk walk;
  bool by_slot;
  int64_t hidden;        // H
  float scale;           // SRU: of the residual
  const float *gates;    // [rows, G * H], `gate_stride` between rows
  int64_t gate_stride;
  const float *residual;  // SRU: [rows, H], `residual_stride` between rows
  int64_t residual_stride;
  const float *vectors;  // [P * H], or NULL for scans without
  const float *c0;       // [S, H]
  float *y;              // [T * B, H]; rows outside the walk are left alone
  float *cn;             // [S, H]
  float *saved;          // [slots, H]: states, in training of scans whose output is not the state; else NULL
} rk_scan_forward_args;

typedef struct {
  rk_scan_forward_args forward;  // as in the forward pass, `y` and `saved` filled
  const float *dy;               // [T * B, H], or NULL for zero
  const float *dcn;              // [S, H], or NULL for zero
  float *dgates, *dresidual;     // as gates and residual, with the same strides
  float *dc0;                    // [S, H]
  float *dvectors;               // [S, P * H]: one row a segment, to be summed; or NULL
} rk_scan_backward_args;

// xLSTM's sLSTM: exponential input gate, normaliser and stabiliser, a recurrence of its own in each head of H / heads
// units. Gates i f z o in blocks of H.
typedef struct {
  rk_walk walk;
  bool by_slot;           // as in rk_scan_forward_args
  int64_t hidden, heads;  // H; H is a multiple of heads
  const float *gates;     // [rows, 4 * H]
  const float *weight_hh;  // [4 * H, H / heads]
  const float *h0, *c0, *n0, *m0;  // [S, H]
  float *y;                        // [T * B, H]; rows outside the walk are left alone
  float *hn, *cn, *nn, *mn;        // [S, H]
  float *saved;    // [slots, 7 * H]: the four sums, c, n and m of each step; NULL in inference
  float *scratch;  // slstm_scratch_bytes
} rk_slstm_forward_args;

typedef struct {
  rk_slstm_forward_args forward;
  const float *dy;                      // [T * B, H], or NULL for zero
  const float *dhn, *dcn, *dnn, *dmn;   // [S, H], or NULL for zero
  float *dgates;                        // [rows, 4 * H]
  float *dh0, *dc0, *dn0, *dm0;         // [S, H]
} rk_slstm_backward_args;

// xLSTM's mLSTM: a matrix memory of d x d in each head of d = H / heads units.
typedef struct {
  rk_walk walk;
  bool by_slot;
  int64_t hidden, heads;
  const float *values;  // [rows, 4 * H]: q k v o
  const float *gates;   // [rows, 2 * heads]: i f
  const float *c0, *n0, *m0;  // [S, heads, d (of k), d (of v)], [S, heads, d], [S, heads]
  float *y;                   // [T * B, H]; rows outside the walk are left alone
  float *cn, *nn, *mn;        // as c0, n0, m0
  int64_t interval;   // steps between two checkpoints
  float *checkpoints;  // mlstm_checkpoint_bytes, states every `interval` steps; NULL in inference
  float *scratch;      // mlstm_scratch_bytes
} rk_mlstm_forward_args;

typedef struct {
  rk_mlstm_forward_args forward;
  const float *dy;                // [T * B, H], or NULL for zero
  const float *dcn, *dnn, *dmn;   // as cn, nn, mn, or NULL for zero
  float *dvalues, *dgates;        // as values and gates
  float *dc0, *dn0, *dm0;         // as c0, n0, m0
} rk_mlstm_backward_args;

// MARK: Losses

// Softmax with cross-entropy over rows of logits [N, V]; the mean or sum over rows is the caller's.
//   loss_n = (1 - smoothing) w[y] (lse - l[y]) + smoothing / V * sum_c w[c] (lse - l[c])
// Rows whose label is `ignored` have loss and gradient zero.
typedef struct {
  int64_t rows, classes;
  const float *logits;
  const int32_t *labels;
  const float *class_weights;  // [V], or NULL for ones
  float smoothing;
  int32_t ignored;
  float *losses;          // [N] out
  float *log_normalizer;  // [N] out, read by the backward pass
  float scale;            // backward: upstream gradient times what the mean divides by
  float *dlogits;         // [N, V], backward
} rk_cross_entropy_args;

// Connectionist temporal classification over rows of logits [T, B, V] (Graves et al. 2006), a loss a row, in nats. A
// target of L tokens, none of them the blank, needs a frame for each token and one between equal neighbours; the caller
// has checked that.
typedef struct {
  int64_t steps, rows, classes;  // T, B, V
  const float *logits;     // [T, B, V]; frames past a row's length are not read
  const int64_t *lengths;  // [B]: frames of each row
  const int64_t *sizes;    // [B]: L of each row
  // row b has P labels from label_starts[b]: its tokens, and behind them the blank, at least once and up to a multiple of
  // 16
  const int32_t *labels;
  const int64_t *label_starts;  // [B + 1]
  const int64_t *order;         // [B]: the rows, in the order in which members take them: longest work first
  float *losses;                // [B] out
  float *tops, *log_sums;       // [T, B] out: the largest logit of each frame within the lengths, log sum exp less that
  // row b is [lengths[b], P] at frame_starts[b]. Out with wants_occupancies: column i the probability that a frame is
  // token i, column L that it is a blank, zero beyond; without them its contents are of no use afterwards.
  float *occupancies;
  const int64_t *frame_starts;  // [B]
  bool wants_occupancies;
  float *scratch;  // ctc_scratch_bytes, 64-byte aligned
} rk_ctc_args;

typedef struct {
  rk_ctc_args forward;   // as in the forward pass, with occupancies
  const float *weights;  // [B]: the upstream gradient of the losses
  float *dlogits;        // [T, B, V]; zero past the lengths
} rk_ctc_backward_args;

// MARK: Optimisers

typedef enum { RK_SGD, RK_ADAM, RK_RMSPROP, RK_ADAGRAD, RK_ASGD } rk_optimizer;

// One update of `count` parameters in place, PyTorch's rules. Unused buffers are NULL.
typedef struct {
  rk_optimizer kind;
  int64_t count;
  float *parameter;
  const float *gradient;  // NULL for zero everywhere
  float *first, *second, *third;  // momentum or mean, squares, maximum / mean of RMSprop / average of ASGD
  double gradient_scale;           // from clipping
  double learning_rate;
  double weight_decay;      // added to the gradient
  double decoupled_decay;   // factor that multiplies the parameter first (AdamW), 1 for none
  double beta1, beta2, epsilon;
  double correction1, correction2;  // Adam: step size divisor and square root of the second bias correction
  double momentum, dampening;
  double mu;  // ASGD: weight of the new value in the average
  bool nesterov, first_step, amsgrad, centered;
} rk_optimizer_args;

// MARK: The table of one instruction set

typedef struct {
  rk_isa isa;
  const char *name;
  void (*unary)(rk_unary_op op, int64_t n, const float *x, float *y);
  // Operand strides are 0 (one value for all) or 1.
  void (*binary)(rk_binary_op op, int64_t n, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y);
  // rows x columns -> rows: sums or maxima along each row
  void (*sum_rows)(int64_t rows, int64_t columns, const float *x, float *y);
  void (*max_rows)(int64_t rows, int64_t columns, const float *x, float *y);
  // rows x columns -> columns: sums down each column, rows in order; `stride` between rows
  void (*sum_columns)(int64_t rows, int64_t columns, int64_t stride, const float *x, float *y);
  // the same, going on from what y holds
  void (*add_column_sums)(int64_t rows, int64_t columns, int64_t stride, const float *x, float *y);
  // over stretches of 4096 elements, the sums of these in double and in order
  double (*sum_of_squares)(int64_t n, const float *x);
  // the same bits for a table that is zero but for n rows; ids[i], rising, says which one rows[i] is
  double (*sum_of_squares_rows)(int64_t n, int64_t width, const int32_t *ids, const float *rows);
  size_t (*gemm_scratch_bytes)(int64_t m, int64_t n, bool packs_left, int32_t members);
  void (*gemm)(const rk_gemm_args *args, rk_team team);
  // op(B) [K, N] as panels [ceil(N / 64)][K][64], for many products with the same right side
  void (*pack_b)(int64_t n, int64_t k, const float *b, int64_t b_row, int64_t b_column, float *packed);
  void (*transpose)(int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y, int64_t y_stride);
  // out[i] = table[ids[i]]; the caller has checked the ids
  void (*gather_rows)(int64_t n, int64_t width, const float *table, const int32_t *ids, float *out);
  // table[ids[i]] += rows[i] in order of i; negative ids are skipped; members share out the rows of the table
  void (*scatter_add_rows)(int64_t n, int64_t width, const float *rows, const int32_t *ids, float *table, rk_team team);
  // `options` may be NULL, and must be for a precision other than float32; of them the shape matters here, not what they point to
  size_t (*recurrent_packed_bytes)(rk_cell cell, const rk_options *options, rk_precision precision, int64_t input,
                                   int64_t hidden);
  size_t (*recurrent_saved_bytes)(rk_cell cell, const rk_options *options, int64_t slots, int64_t hidden);
  size_t (*recurrent_forward_scratch_bytes)(const rk_forward_args *args, int32_t members);
  size_t (*recurrent_backward_scratch_bytes)(const rk_backward_args *args, int32_t members);
  void (*recurrent_pack)(rk_cell cell, const rk_options *options, rk_precision precision, int64_t input, int64_t hidden,
                         const rk_weights *weights, float *packed, rk_team team);
  void (*recurrent_forward)(const rk_forward_args *args, rk_team team);
  void (*recurrent_backward)(const rk_backward_args *args, rk_team team);
  void (*scan_forward)(const rk_scan_forward_args *args, rk_team team);
  void (*scan_backward)(const rk_scan_backward_args *args, rk_team team);
  size_t (*slstm_scratch_bytes)(int64_t hidden, int64_t heads, int32_t members);
  void (*slstm_forward)(const rk_slstm_forward_args *args, rk_team team);
  void (*slstm_backward)(const rk_slstm_backward_args *args, rk_team team);
  size_t (*mlstm_checkpoint_bytes)(const rk_mlstm_forward_args *args);
  size_t (*mlstm_scratch_bytes)(const rk_mlstm_forward_args *args, int32_t members);
  void (*mlstm_forward)(const rk_mlstm_forward_args *args, rk_team team);
  void (*mlstm_backward)(const rk_mlstm_backward_args *args, rk_team team);
  void (*recurrent_step)(const rk_step_stage *stages, int64_t count, rk_team team);
  void (*cross_entropy_forward)(const rk_cross_entropy_args *args);
  void (*cross_entropy_backward)(const rk_cross_entropy_args *args);
  size_t (*ctc_scratch_bytes)(const rk_ctc_args *args, int32_t members);
  void (*ctc_forward)(const rk_ctc_args *args, rk_team team);
  void (*ctc_backward)(const rk_ctc_backward_args *args, rk_team team);
  // normalized and inverse deviation are kept for the backward pass
  void (*layer_norm_forward)(int64_t rows, int64_t width, const float *x, const float *weight, const float *bias,
                             float epsilon, float *y, float *normalized, float *inverse_deviation);
  void (*layer_norm_backward)(int64_t rows, int64_t width, const float *dy, const float *weight,
                              const float *normalized, const float *inverse_deviation, float *dx);
  void (*optimize)(const rk_optimizer_args *args);
  // Uniform in [0, 1), element `start + i` of the stream of `key`; see Salmon et al. 2011 (Philox4x32-10).
  void (*uniform)(uint64_t key, int64_t start, int64_t n, float *y);
  // y = x scale where the uniform number `start + i` is at least `rate`, else 0
  void (*dropout)(uint64_t key, int64_t start, int64_t n, float rate, float scale, const float *x, float *y);
} rk_kernels;

// The kernels of an instruction set that this CPU runs; NULL when it does not or when none was compiled.
const rk_kernels *rk_kernels_for(int isa);
