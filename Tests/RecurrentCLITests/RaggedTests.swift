import Foundation
import RecurrentTestSupport
import Testing

/// A ragged batch from a file has the bits of each row alone, on any number of threads.
@Suite struct RaggedTests {
  /// Layers in PyTorch's form and 33 rows of up to 300 steps in one file.
  private func write(_ run: CommandLineRun, gates: Int, layerNames: [String]) throws {
    let key = RandomKey(seed: 7)
    let (inputs, hidden) = (20, 40)
    var weights: [ArrayEntry] = []
    for (index, name) in layerNames.enumerated() {
      for (part, shape) in [
        ("weight_ih_", [gates * hidden, inputs]), ("weight_hh_", [gates * hidden, hidden]),
        ("bias_ih_", [gates * hidden]), ("bias_hh_", [gates * hidden]),
      ] {
        let values = Tensor(uniformIn: -0.4...0.4, shape: shape, key: key.child(index).child(part.count))
        weights.append(ArrayEntry(name: part + name, shape: shape, floats: values.scalars))
      }
    }
    try SafetensorsWriter.write(weights, to: run.folder.path + "/m.safetensors")
    let x = Tensor(uniformIn: -1...1, shape: [300, 33, inputs], key: key.child(8))
    let lengths = key.child(9).integers(33, below: 301).map { Int64($0) }
    try SafetensorsWriter.write(
      [
        ArrayEntry(name: "input", shape: x.shape, floats: x.scalars),
        ArrayEntry(name: "lengths", shape: [33], integers: lengths),
      ], to: run.folder.path + "/x.safetensors")
  }

  @Test(arguments: [3, 4, 1]) func anyNumberOfThreads(_ gates: Int) throws {
    let run = try CommandLineRun()
    try write(run, gates: gates, layerNames: ["l0", "l0_reverse"])
    func output(_ threads: Int) throws -> Data {
      let result = try run(
        "apply", "m.safetensors", "--input", "x.safetensors", "-o", "y.npz", "--threads", "\(threads)",
        environment: ["RECURRENT_EXACT_THREADS": "1"])
      try require(result.code == 0, result.errors)
      return try run.bytes("y.npz")
    }
    let one = try output(1)
    for threads in [2, 2, 2, 3, 4, 8] { #expect(try output(threads) == one, "\(threads) threads") }
  }
}
