import ArgumentParser
import Recurrent

/// The micro-kernel alone: products that stay in the caches.
struct KernelBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "The matrix micro-kernel against the multiply-add limit of one core.")

  func run() throws {
    let limit = machineLimit(threads: 1)
    print("multiply-add limit of one core: \(rounded(limit, 1)) GFLOP/s")
    print(column("product", 28) + column("us", 10) + column("GFLOP/s", 9) + "of limit")
    Backends.$current.withValue(CPUBackend(threadCount: 1)) {
      for (m, k, n) in [
        (6, 256, 64), (96, 256, 64), (96, 256, 256), (192, 512, 512), (96, 256, 80), (1, 512, 1024),
      ] {
        measure(m: m, k: k, n: n, limit: limit)
      }
    }
  }

  private func measure(m: Int, k: Int, n: Int, limit: Double) {
    let a = Tensor(uniformIn: -1...1, shape: [m, k], key: RandomKey(seed: 1))
    let linear = Linear(inputSize: k, outputSize: n, hasBias: false, key: RandomKey(seed: 2)).prepared()
    let runs = max(10, 20_000_000 / (m * k * n))
    let times = (0..<9).map { _ in
      milliseconds { for _ in 0..<runs { _ = linear(a) } } * 1000 / Double(runs)
    }
    let time = median(times)
    let rate = 2 * Double(m * k * n) / time * 1e-3
    print(
      column("[\(m), \(k)] x [\(k), \(n)]", 28) + column(rounded(time, 2), 10) + column(rounded(rate, 1), 9)
        + "\(rounded(100 * rate / limit, 0)) %")
  }
}
