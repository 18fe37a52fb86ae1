// Recurrent for C and C++: trained models, streams, and the recurrent kernels on memory of the caller.
//
//     rec_error error;
//     rec_model *model = rec_open("beats.bundle", NULL, &error);
//     if (!model) { fprintf(stderr, "%s\n", error.message); return 1; }
//     rec_session *session = rec_session_new(model, 1, &error);
//     rec_push(session, x, count, y, capacity, &written, &error);
//
// Errors     A function that can fail takes an rec_error, which may be NULL, and returns its code, or NULL instead of an
//            object. No exception crosses this border.
// Threads    Every function may be called by several threads at once, also with the same object. Calls with one session
//            take turns. Nothing that changes is kept outside of objects.
// Memory     What `new`, `open`, `copy` and `pack` return is freed by the function of that object; freeing NULL does nothing.
//            A text that is returned as `char *` is freed by rec_text_free. Arrays are the caller's, row-major, and not kept.
// Forks      In a child of fork the objects go on with one thread, as threads do not survive a fork.
// Versions   A program that was compiled with this header runs with every later library of the same REC_MAJOR. Structures
//            begin with their size, so that members can be added at their end.
//
// The letters of shapes: T time, B rows side by side, I inputs, H hidden units, R width of the state h (H, or that of the
// projection), G gates.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Versions

// The interface of this header. A library with a smaller minor number lacks functions of it.
#define REC_MAJOR 0
#define REC_MINOR 1

// REC_MAJOR * 1000 + REC_MINOR of the library.
int32_t rec_interface(void);

// The version of the library, such as "0.1.0".
const char *rec_version(void);

// The commit that the library was built from; empty where the build was not told.
const char *rec_commit(void);

// MARK: Errors

enum {
  REC_OK = 0,
  REC_ARGUMENT = 1,     // an argument of a call is wrong: a null pointer, a size, a number of values
  REC_DATA = 2,         // data are not what the model reads, or a setting is none
  REC_FORMAT = 3,       // a file is damaged, or cannot be read or written
  REC_MODEL = 4,        // a bundle, model or state is damaged, or of another task or model
  REC_UNSUPPORTED = 5,  // the model cannot do what is asked of it
  REC_PROCESSOR = 6     // the processor lacks what the kernels need
};

// What went wrong: one of the codes above, and a sentence in UTF-8 that ends in a zero; cut where it is longer. Of a call that
// succeeds the code is 0 and the message empty.
typedef struct {
  int32_t code;
  char message[1020];
} rec_error;

// Frees a text.
void rec_text_free(char *text);

// MARK: Threads

// Threads that compute. Where a function takes an engine, NULL stands for one with all processors.
typedef struct rec_engine rec_engine;

// An engine of so many threads, the calling one among them; 0 for one for each processor that the process may use.
rec_engine *rec_engine_new(int32_t threads, rec_error *error);

// An engine that works in so many threads of the OpenMP runtime that the process has loaded, for a program that computes with both in
// turns: threads of two kinds would wait awake beside each other. Without such a runtime the same as rec_engine_new.
rec_engine *rec_engine_new_openmp(int32_t threads, rec_error *error);
void rec_engine_free(rec_engine *engine);

// What computes, such as "cpu (avx512, 2 threads)"; NULL where the processor cannot.
char *rec_engine_name(const rec_engine *engine, rec_error *error);

// MARK: Models

// A trained model of a task, recurrent layers of another system, or a graph of operators.
typedef struct rec_model rec_model;

// Opens a bundle, an ONNX model, a whole model of Keras, or a file with recurrent layers of PyTorch or Keras.
rec_model *rec_open(const char *path, const rec_engine *engine, rec_error *error);
void rec_model_free(rec_model *model);

// What the model is, as an object of JSON:
//   "kind"      "task", "layers" or "graph"
//   "task"      the name of the task, such as "tagging"; that of the kind for the others
//   "settings"  of a task: what can be set where it predicts, a list of objects with "name" and "help"
//   "inputs", "outputs"  of the others: a list of objects with "name", "type" and "shape", whose extents are numbers or names
//   "states"    of layers: the parts of a state in their order, a list of objects with "name" and "width"
char *rec_model_describe(const rec_model *model, rec_error *error);

// I and R of layers, and the sum of the widths of the parts of their state; 0 for other models.
int64_t rec_model_input_size(const rec_model *model);
int64_t rec_model_output_size(const rec_model *model);
int64_t rec_model_state_size(const rec_model *model);

// MARK: Data and predictions

// Sequences to predict from.
typedef struct rec_data rec_data;

// A file or a folder.
rec_data *rec_data_path(const char *path, rec_error *error);

// Bytes as a file has them, recognised by what they begin with; errors call them `name`.
rec_data *rec_data_bytes(const void *bytes, int64_t count, const char *name, rec_error *error);

// A value of JSON as a text: a list of objects is a table, a list of numbers or of lists of numbers a series, a text a text.
rec_data *rec_data_json(const char *text, const char *name, rec_error *error);

// A series [steps, channels]: `step_stride` and `channel_stride` floats between neighbours. NaN stands for what is missing.
rec_data *rec_data_series(const float *values, int64_t steps, int64_t channels, int64_t step_stride,
                          int64_t channel_stride, const char *name, rec_error *error);
void rec_data_free(rec_data *data);

// Predicts for each sequence of data.
//
// `settings` is an object of JSON with values by the names of settings, or NULL for none. Returns a list of rows as JSON, each
// an object whose members stand in the order of the columns; numbers that are not finite are "nan", "inf" and "-inf".
char *rec_predict(const rec_model *model, const rec_data *data, const char *settings, rec_error *error);

// Reads a batch with layers.
//   x        [T, B, I]
//   lengths  [B], each in 0 ... T, or NULL where all rows are T long
//   state    [the parts one after the other, each [B, width]], or NULL for the initial state
//   y        [T, B, R], zero beyond the lengths
//   end      as `state`: that after the last step of each row; NULL where it is not wanted
int32_t rec_apply(const rec_model *model, int64_t steps, int64_t rows, const float *x, const int64_t *lengths,
                  const float *state, float *y, float *end, rec_error *error);

// An array with a name. `type` is one of the letters of the Python array interface with the bytes of an element: "f4", "f8",
// "i8", "i4", "b1".
typedef struct {
  const char *name;
  const char *type;
  int64_t rank;
  const int64_t *shape;
  const void *values;
} rec_array;

// Arrays that a graph gives out.
typedef struct rec_arrays rec_arrays;

// Runs a graph of operators, or the graph of a task, on arrays by the names of its inputs. Outputs are "f4", "f8" or "i8".
rec_arrays *rec_run(const rec_model *model, const rec_array *inputs, int64_t count, rec_error *error);
int64_t rec_arrays_count(const rec_arrays *arrays);

// One of the arrays; it lives as long as `arrays`.
int32_t rec_arrays_get(const rec_arrays *arrays, int64_t index, rec_array *array, rec_error *error);
void rec_arrays_free(rec_arrays *arrays);

// MARK: Sessions

// Sequences that come step by step, with the bits that the whole gives.
typedef struct rec_session rec_session;

// A session of a task that streams, with one row, or of layers of one direction, with `rows` side by side.
rec_session *rec_session_new(const rec_model *model, int64_t rows, rec_error *error);
void rec_session_free(rec_session *session);

// Reads a step of numbers.
//
// Of layers: x is [rows, I], y becomes [rows, R]; cells that have a kernel take no memory and no lock but the session's.
// Of a task: x holds the numbers of a step, and y becomes the numbers of the rows that it makes known, in the order of rows and
// columns, without texts; `written` tells how many, 0 where more steps are needed. Where `capacity` is too small, the step
// is read all the same and the error says how many there were. A step of a task asks the allocator for memory.
int32_t rec_push(rec_session *session, const float *x, int64_t count, float *y, int64_t capacity, int64_t *written,
                 rec_error *error);

// Reads a value of JSON, a step or several, in the form that the task reads. Returns the rows that are known by it as JSON.
char *rec_push_json(rec_session *session, const char *value, rec_error *error);

// Ends the sequence and begins another one. Returns the rows that waited for further steps as JSON; of layers there are none.
char *rec_finish(rec_session *session, rec_error *error);

// Writes the state to a file, or goes on from that of such a file. Where loading fails, the session is as it was.
int32_t rec_session_save(const rec_session *session, const char *path, rec_error *error);
int32_t rec_session_load(rec_session *session, const char *path, rec_error *error);

// A session that goes on from here by itself.
rec_session *rec_session_copy(const rec_session *session, rec_error *error);

// MARK: Kernels

enum { REC_LSTM, REC_GRU, REC_GRU_RESET_BEFORE, REC_ELMAN_TANH, REC_ELMAN_RELU, REC_ELMAN };
enum { REC_FLOAT32, REC_BFLOAT16, REC_INT8 };
enum {
  REC_TANH, REC_RELU, REC_SIGMOID, REC_AFFINE, REC_LEAKY_RELU, REC_THRESHOLDED_RELU, REC_SCALED_TANH, REC_HARD_SIGMOID,
  REC_ELU, REC_SOFTSIGN, REC_SOFTPLUS
};

// A cell. Equations, names and the order of gates are PyTorch's: LSTM i f g o, GRU r z n.
typedef struct {
  size_t size;             // sizeof(rec_cell)
  int32_t kind;            // REC_LSTM ...
  int32_t precision;       // what operands of products are rounded to; REC_INT8 in inference alone; cells with options: REC_FLOAT32
  int64_t input, hidden;   // I, H
  int64_t projection;      // LSTM: P, the width of h; 0 for none
  int32_t has_bias;
  int32_t couples_gates;   // LSTM: f = 1 - i, gates i g o
  int32_t has_peepholes;   // LSTM
  int32_t normalizes;      // LSTM: layer normalisation of both products and of the cell state
  float cell_clip;         // LSTM: bound of |c|; 0 for none
  int32_t activation;      // REC_ELMAN: REC_TANH ..., as ONNX has them
  float alpha, beta;       // of the activation
} rec_cell;

// Parameters, or gradients with respect to them; NULL for those that the cell does not have.
typedef struct {
  float *weight_ih, *weight_hh;             // [G * H, I], [G * H, R]
  float *bias_ih, *bias_hh;                 // [G * H]
  float *weight_hr;                         // [P, H]
  float *peephole;                          // [3 * H], gates i f o; coupled [2 * H], gates i o
  float *norm_ih, *norm_hh;                 // [G * H], scales of the normalised products
  float *norm_cell, *norm_cell_bias;        // [H]
} rec_weights;

// Which rows are read in which order: how many steps, lengths, resets, the direction, and where they stand in memory.
typedef struct rec_plan rec_plan;

// A plan of B = `rows` sequences of at most T = `steps` steps.
//   lengths      [B], each in 0 ... T, in any order; NULL where all are T
//   resets       [T, B], not zero where a row starts afresh before a step; NULL for never
//   backward     not zero to read each row from its last real step to its first
//   step_stride  rows of x and y between the steps of a sequence, and
//   row_stride   between the sequences: (B, 1) for [T, B, ...], (1, T) for [B, T, ...]
rec_plan *rec_plan_new(int64_t steps, int64_t rows, const int64_t *lengths, const uint8_t *resets, int32_t backward,
                       int64_t step_stride, int64_t row_stride, rec_error *error);
void rec_plan_free(rec_plan *plan);

// Weights in the form that the kernels read, for many calls with the same weights.
typedef struct rec_packed rec_packed;
rec_packed *rec_pack(const rec_engine *engine, const rec_cell *cell, const rec_weights *weights, rec_error *error);
void rec_packed_free(rec_packed *packed);

// A cell over sequences. The places of a plan are rows of x [.., I] and y [.., R].
typedef struct {
  size_t size;                  // sizeof(rec_forward_call)
  const rec_engine *engine;
  const rec_cell *cell;
  const rec_plan *plan;
  const rec_weights *weights;   // may be NULL where `packed` is given and nothing is saved
  const rec_packed *packed;     // of the same cell, or NULL; noise in a plain cell needs `weights`
  const float *x;
  const float *h0, *c0;         // [B, R], [B, H]; NULL for zeros; c of LSTM alone
  float *y;                     // zero beyond the lengths
  float *hn, *cn;               // [B, R], [B, H]: after the last step of each row; may be NULL
  void *saved;                  // in training rec_saved_bytes, at a multiple of 64; else NULL
  float zoneout_hidden, zoneout_cell;       // what part of the old state each step leaves
  const float *keep_hidden, *keep_cell;     // [.., R] and [.., H] at the places of the plan: 1 where a step leaves the old
                                            // state, 0 where not; NULL for the parts above
  const float *recurrent_mask;              // [B, R], factors on h before the recurrent product; NULL for ones
} rec_forward_call;

// Bytes that the forward pass of a call saves for the backward pass. They follow from its cell, its plan and its noise: x, y, states
// and weights may still be null. -1 where there can be no such call.
int64_t rec_saved_bytes(const rec_forward_call *call, rec_error *error);

int32_t rec_forward(const rec_forward_call *call, rec_error *error);

// The gradients of a cell over sequences. They are written, not accumulated.
typedef struct {
  size_t size;                      // sizeof(rec_backward_call)
  const rec_forward_call *forward;  // as it was called, with weights; what it saved is used up
  const float *dy;                  // as y; NULL for zero
  const float *dhn, *dcn;           // as hn and cn; NULL for zero
  float *dx;                        // as x, zero beyond the lengths; NULL where it is not wanted
  float *dh0, *dc0;                 // as h0 and c0; NULL where they are not wanted
  const rec_weights *gradients;     // all that the cell has
} rec_backward_call;

int32_t rec_backward(const rec_backward_call *call, rec_error *error);

#ifdef __cplusplus
}
#endif
