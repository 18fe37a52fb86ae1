import Foundation
import RecurrentTestSupport
import Testing

/// A bundle is that which was written, or it is refused.
@Suite struct BundleChecksTests {
  struct Note: Codable, Sendable, Equatable {
    var text: String
    var numbers: [Double]
  }

  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/m.bundle"
    try ModelBundle(task: "test", description: Note(text: "é", numbers: [1, 0.25])).write(
      to: path, model: LayerNorm(size: 3), files: ["card.md": "a card"], overwrites: false)
  }

  private func open() throws {
    let (bundle, parameters) = try ModelBundle<Note>.open(path, task: "test")
    var model = LayerNorm(size: 3)
    try model.load(from: parameters)
    try bundle.verify()
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
  }

  @Test(arguments: ["task.json", "model.safetensors"])
  func everyBitCounts(_ name: String) throws {
    try open()
    let whole = try bytes(name)
    for bit in 0..<8 * whole.count {
      var other = whole
      other[bit / 8] ^= 1 << (bit % 8)
      try write(name, other)
      let error = #expect(throws: (any Error).self) { try open() }
      #expect("\(try #require(error))".contains("m.bundle"), "bit \(bit): \(String(describing: error))")
    }
    try write(name, whole)
    try open()
  }

  /// The message names the file.
  @Test func theFileIsNamed() throws {
    for name in ["task.json", "model.safetensors"] {
      let whole = try bytes(name)
      var other = whole
      let place =
        name == "task.json" ? try #require(other.firstIndex(of: UInt8(ascii: "5"))) : other.count - 2
      other[place] ^= 2
      try write(name, other)
      let error = #expect(throws: BundleError.self) { try open() }
      #expect("\(try #require(error))".contains("m.bundle/\(name): is damaged"))
      try write(name, whole)
    }
  }

  /// What people read may be changed.
  @Test func cardsAreFree() throws {
    try write("card.md", Array("another card".utf8))
    try open()
  }

  /// A bundle from before there were checksums opens, and its model is compared with the hash that it has.
  @Test func bundlesWithoutChecksums() throws {
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes("task.json"))) as? [String: Any])
    for key in ["checksum", "checksums", "files"] { object[key] = nil }
    #expect(object.keys.sorted() == ["description", "format", "modelHash", "task", "version"])
    let old = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    try write("task.json", [UInt8](old))
    try open()
    var model = try bytes("model.safetensors")
    model[model.count - 2] ^= 1
    try write("model.safetensors", model)
    let error = #expect(throws: BundleError.self) { try open() }
    #expect("\(try #require(error))".contains("model.safetensors: is damaged"))
  }
}
