import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Binary files beside the model: those that were written, or refused by name.
@Suite struct BundleResourcesTests {
  private static let table = [UInt8](0...255) + [0, 10, 13, 255]

  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/m.bundle"
  }

  private func write(
    _ resources: [String: [UInt8]], files: [String: String] = ["card.md": "a card"], overwrites: Bool = false
  ) throws {
    try ModelBundle(task: "test", description: "d").write(
      to: path, model: LayerNorm(size: 3), files: files, resources: resources, overwrites: overwrites)
  }

  private func open() throws -> ModelBundle<String> {
    try ModelBundle<String>.open(path, task: "test").bundle
  }

  private func replace(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
  }

  @Test func roundTrip() throws {
    let all = ["ngrams.bin": Self.table, "empty": []]
    try write(all)
    let bundle = try open()
    try bundle.verify()
    #expect(bundle.resources == ["empty", "ngrams.bin"])
    for (name, bytes) in all { #expect(try bundle.resource(name) == bytes) }
    for name in ["other", "model.safetensors", "task.json", "../m.bundle/ngrams.bin"] {
      let error = #expect(throws: BundleError.self) { try bundle.resource(name) }
      #expect("\(try #require(error))".contains("no resource \"\(name)\""))
    }
    // what replaces the bundle does not keep them
    try write([:], overwrites: true)
    #expect(try open().resources.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 3)
  }

  @Test func theDamagedOneIsNamed() throws {
    try write(["a.bin": Self.table, "b.bin": Self.table])
    var other = Self.table
    other[7] ^= 1
    for bytes in [other, Array(Self.table.dropLast()), Self.table + [0]] {
      try replace("b.bin", bytes)
      let bundle = try open()
      #expect(try bundle.resource("a.bin") == Self.table)
      for check in [bundle.verify, { _ = try bundle.resource("b.bin") }] {
        let error = #expect(throws: BundleError.self) { try check() }
        #expect("\(try #require(error))".contains("m.bundle/b.bin: is damaged"))
      }
    }
    try FileManager.default.removeItem(atPath: path + "/b.bin")
    let error = #expect(throws: FormatError.self) { try open().verify() }
    #expect("\(try #require(error))".contains("m.bundle/b.bin"))
  }

  @Test(arguments: [
    "", ".", "..", ".hidden", "../x", "a/b", "/x", "a\\b", "a\0b", String(repeating: "x", count: 256),
  ])
  func namesThatLeadElsewhereAreRefused(_ name: String) throws {
    let error = #expect(throws: BundleError.self) { try write([name: [1]]) }
    #expect("\(try #require(error))".contains("is no name of a file of a bundle"))
    #expect(throws: BundleError.self) { try write([:], files: [name: "text"]) }
    #expect(try folder.contents().isEmpty)
  }

  @Test(arguments: ["task.json", "Task.json", "model.safetensors", "card.md", "CARD.md"])
  func namesThatAreTakenAreRefused(_ name: String) throws {
    let error = #expect(throws: BundleError.self) { try write([name: [1]]) }
    #expect("\(try #require(error))".contains("two of its files are called"))
  }

  /// A description that names a file elsewhere, its own checksum right, reads nothing there.
  @Test func aForgedNameIsRefused() throws {
    _ = try folder.file("secret", Self.table)
    try write(["ab_secret": Self.table])
    let text = String(decoding: try Data(contentsOf: URL(filePath: path + "/task.json")), as: UTF8.self)
    var lines = text.replacing("ab_secret", with: "../secret").components(separatedBy: "\n")
    // the checksum of the rest
    lines.remove(at: 1)
    try replace("task.json", BundleChecks.inserting(checksumInto: Array(lines.joined(separator: "\n").utf8)))
    let bundle = try open()
    for check in [bundle.verify, { _ = try bundle.resource("../secret") }] {
      let error = #expect(throws: BundleError.self) { try check() }
      #expect("\(try #require(error))".contains("\"../secret\" is no name of a file of a bundle"))
    }
  }
}
