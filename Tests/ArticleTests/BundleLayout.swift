import Foundation
import Recurrent
import RecurrentTestSupport
import Testing

@Test func bundleLayout() throws {
  let scratch = try ScratchFolder()
  let folder = scratch.path
  // article: begin
  struct Notes: Codable, Sendable {
    var unit: String
    var largest: Double
  }

  let path = folder + "/example.bundle"
  let model = Linear(inputSize: 3, outputSize: 2, key: RandomKey(seed: 1))
  try ModelBundle(task: "example", description: Notes(unit: "kW", largest: .infinity))
    .write(
      to: path, model: model, files: ["card.md": "# An example\n"], resources: ["table.bin": [1, 2, 255]],
      overwrites: true)

  let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  precondition(files == ["card.md", "model.safetensors", "table.bin", "task.json"])
  // article: end

  // article: begin
  let (bundle, parameters) = try ModelBundle<Notes>.open(path, task: "example")
  var restored = Linear(inputSize: 3, outputSize: 2, key: RandomKey(seed: 2))
  try restored.load(from: parameters)
  try bundle.verify()
  precondition(bundle.description.largest == .infinity)
  precondition(restored.weight.scalars == model.weight.scalars)
  let table = try bundle.resource("table.bin")
  precondition(bundle.resources == ["table.bin"] && table == [1, 2, 255])
  // article: end

  // article: begin
  let hash = try SHA256.hash(file: path + "/model.safetensors")
  let statePath = path + "-state"
  let hidden = Tensor([0.5, -1], shape: [1, 2])
  try StateFile(model: hash, tensors: [("h_l0", hidden)], integers: [("steps", [1 << 40])])
    .write(to: statePath)

  let state = try StateFile(path: statePath, model: hash)
  let kept = try state.tensor("h_l0", shape: [1, 2], path: statePath)
  precondition(kept.scalars == [0.5, -1])
  precondition(state.integers[0].values == [1 << 40])
  // article: end
}
