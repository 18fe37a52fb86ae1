// What C++ makes of recurrent.h: objects that free themselves, errors as exceptions. Everything here is inline.
#pragma once

#include <recurrent.h>

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace recurrent {

// What a call said when it failed; `code` is one of REC_ARGUMENT ... REC_PROCESSOR.
struct Error : std::runtime_error {
  int32_t code;
  explicit Error(const rec_error &error) : std::runtime_error(error.message), code(error.code) {}
};

namespace detail {
struct Free {
  void operator()(rec_engine *engine) const { rec_engine_free(engine); }
  void operator()(rec_model *model) const { rec_model_free(model); }
  void operator()(rec_session *session) const { rec_session_free(session); }
};

template <typename Object, typename Make>
std::unique_ptr<Object, Free> made(Make make) {
  rec_error error;
  std::unique_ptr<Object, Free> object(make(&error));
  if (!object) throw Error(error);
  return object;
}
}  // namespace detail

// Threads that compute.
struct Engine {
  std::unique_ptr<rec_engine, detail::Free> handle;
  explicit Engine(int32_t threads)
      : handle(detail::made<rec_engine>([&](rec_error *error) { return rec_engine_new(threads, error); })) {}
};

// A trained model, or recurrent layers.
struct Model {
  std::unique_ptr<rec_model, detail::Free> handle;
  explicit Model(const std::string &path, const Engine *engine = nullptr)
      : handle(detail::made<rec_model>([&](rec_error *error) {
          return rec_open(path.c_str(), engine ? engine->handle.get() : nullptr, error);
        })) {}

  int64_t inputs() const { return rec_model_input_size(handle.get()); }
  int64_t outputs() const { return rec_model_output_size(handle.get()); }
};

// A sequence that comes step by step; a copy goes its own way.
struct Session {
  std::unique_ptr<rec_session, detail::Free> handle;
  explicit Session(const Model &model, int64_t rows = 1)
      : handle(detail::made<rec_session>(
            [&](rec_error *error) { return rec_session_new(model.handle.get(), rows, error); })) {}
  Session(const Session &other)
      : handle(detail::made<rec_session>(
            [&](rec_error *error) { return rec_session_copy(other.handle.get(), error); })) {}
  Session(Session &&) = default;

  // Reads a step; for callbacks that must not throw. Returns a code.
  int32_t push(std::span<const float> x, std::span<float> y) noexcept {
    return rec_push(handle.get(), x.data(), static_cast<int64_t>(x.size()), y.data(), static_cast<int64_t>(y.size()),
                    nullptr, nullptr);
  }

  void save(const std::string &path) const {
    rec_error error;
    if (rec_session_save(handle.get(), path.c_str(), &error) != REC_OK) throw Error(error);
  }
};

}  // namespace recurrent
