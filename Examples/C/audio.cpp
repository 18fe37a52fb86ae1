// An audio plug-in's callback: sound goes through an LSTM sample by sample, and the callback takes no memory.
//
//     audio [LAYERS]
//
// LAYERS is a file with recurrent layers that read one number; without it the program writes an LSTM of 16 units with
// random weights. Fails where the callback has asked the system for memory or took longer than its sound lasts.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "recurrent.hpp"

// Counts what a callback asks from the system's allocator, also inside of the library, where the C library lets it.
static std::atomic<bool> counts{false};
static std::atomic<int64_t> requests{0};

#if defined(__GLIBC__)
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void note() {
  if (counts.load(std::memory_order_relaxed)) requests.fetch_add(1, std::memory_order_relaxed);
}
void *malloc(size_t size) { return note(), __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return note(), __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return note(), __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { return note(), __libc_memalign(alignment, size); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  note();
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : 12;
}
}
#endif

// Writes an LSTM over one number with random weights as a safetensors file.
static std::string written_lstm(int units) {
  const std::string path = (std::filesystem::temp_directory_path() / "recurrent-audio.safetensors").string();
  std::string head;
  std::vector<float> numbers;
  std::mt19937 random(1);
  std::uniform_real_distribution<float> weight(-0.3f, 0.3f);
  auto add = [&](const char *name, std::initializer_list<int> shape) {
    size_t count = 1;
    std::string extents;
    for (int extent : shape) {
      count *= static_cast<size_t>(extent);
      extents += (extents.empty() ? "" : ",") + std::to_string(extent);
    }
    const size_t begin = numbers.size() * 4;
    for (size_t i = 0; i < count; ++i) numbers.push_back(weight(random));
    head += (head.empty() ? "{\"" : ",\"") + std::string(name) + "\":{\"dtype\":\"F32\",\"shape\":[" + extents +
            "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(numbers.size() * 4) + "]}";
  };
  add("weight_ih_l0", {4 * units, 1});
  add("weight_hh_l0", {4 * units, units});
  add("bias_ih_l0", {4 * units});
  add("bias_hh_l0", {4 * units});
  head += "}";
  while (head.size() % 8) head += " ";
  const uint64_t size = head.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char *>(&size), 8);
  file.write(head.data(), static_cast<std::streamsize>(head.size()));
  file.write(reinterpret_cast<const char *>(numbers.data()), static_cast<std::streamsize>(numbers.size() * 4));
  return path;
}

// The effect: the sound and what the network makes of it.
struct Effect {
  recurrent::Session session;
  std::vector<float> state;

  explicit Effect(const recurrent::Model &model)
      : session(model), state(static_cast<size_t>(model.outputs())) {}

  // Called by the host for each block; takes no memory and throws nothing.
  bool process(std::span<float> block) noexcept {
    for (float &sample : block) {
      if (session.push({&sample, 1}, state) != REC_OK) return false;
      sample = 0.5f * sample + 0.5f * state[0];
    }
    return true;
  }
};

int main(int count, char **arguments) try {
  constexpr int rate = 48'000, size = 64, blocks = 750;
  const recurrent::Engine engine(1);
  const std::string own = count > 1 ? "" : written_lstm(16);
  const recurrent::Model model(count > 1 ? arguments[1] : own.c_str(), &engine);
  if (!own.empty()) std::filesystem::remove(own);
  if (model.inputs() != 1) return std::fprintf(stderr, "audio: the layers read %lld numbers, expected 1\n", static_cast<long long>(model.inputs())), 1;
  Effect effect(model);

  std::vector<float> block(size);
  std::vector<double> loads(blocks);
  for (int index = 0; index < blocks; ++index) {
    for (int i = 0; i < size; ++i) block[i] = std::sin(0.05f * static_cast<float>(index * size + i));
    const auto begin = std::chrono::steady_clock::now();
    counts = index > 0;
    const bool worked = effect.process(block);
    counts = false;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    if (!worked) return std::fprintf(stderr, "audio: the network failed\n"), 1;
    loads[index] = taken.count() * rate / size;
  }
  std::sort(loads.begin(), loads.end());
  std::printf("%d blocks of %d samples: %.1f %% of the time of the sound, 99 %% of the blocks within %.1f %%; requests for memory: %lld\n",
              blocks, size, 100 * loads[blocks / 2], 100 * loads[blocks * 99 / 100], static_cast<long long>(requests));
  return requests == 0 && loads[blocks / 2] < 1 ? 0 : 1;
} catch (const std::exception &error) {
  return std::fprintf(stderr, "audio: %s\n", error.what()), 1;
}
