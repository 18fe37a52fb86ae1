import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ModelBundleTests {
  struct Note: Codable, Sendable, Equatable {
    var text: String
    var number: Double
  }

  private static let model = Linear(inputSize: 5, outputSize: 3, key: RandomKey(seed: 7))

  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/m.bundle"
  }

  private func write(_ text: String, number: Double = 1, to place: String? = nil, overwrites: Bool = false)
    throws
  {
    try ModelBundle(task: "test", description: Note(text: text, number: number)).write(
      to: place ?? path, model: ModelBundleTests.model, files: ["card.md": text], overwrites: overwrites)
  }

  private func text() throws -> String {
    try ModelBundle<Note>.open(path, task: "test").bundle.description.text
  }

  @Test func roundTrip() throws {
    for (index, number) in [1.5, 1e300, .infinity, -.infinity].enumerated() {
      try write("é \(index)", number: number, overwrites: index > 0)
      let (bundle, parameters) = try ModelBundle<Note>.open(path + "/", task: "test")
      #expect(bundle.description == Note(text: "é \(index)", number: number))
      let own = ModelBundleTests.model.parameters
      #expect(parameters.names.sorted() == own.map(\.name).sorted())
      for (name, value) in own {
        #expect(try parameters.floats(named: name) == value.scalars && Set(value.scalars).count > 1)
        #expect(parameters.info(named: name)?.shape == value.shape)
      }
    }
    try write("nan", number: .nan, overwrites: true)
    #expect(try ModelBundle<Note>.open(path, task: "test").bundle.description.number.isNaN)
    #expect(try folder.contents() == ["m.bundle"])
  }

  @Test func theManifestNamesTheModelByItsDigest() throws {
    try write("a")
    let manifest = String(decoding: try Data(contentsOf: URL(filePath: path + "/task.json")), as: UTF8.self)
    let model = [UInt8](try Data(contentsOf: URL(filePath: path + "/model.safetensors")))
    #expect(manifest.contains(SHA256.hash(model)))
  }

  @Test func replacing() throws {
    try write("first")
    #expect(throws: BundleError.exists(path: path)) { try write("second") }
    #expect(try text() == "first")
    try write("third", overwrites: true)
    #expect(try text() == "third")
    try write("fourth", to: path + "///", overwrites: true)
    #expect(try text() == "fourth")
    // names beside the bundle belong to the user
    for name in ["m.bundle.old", "m.bundle.partial"] { _ = try folder.file(name, [1]) }
    try write("fifth", overwrites: true)
    #expect(try folder.contents() == ["m.bundle", "m.bundle.old", "m.bundle.partial"])
  }

  /// What a process that was killed has left does not stand in the way.
  @Test func leftovers() throws {
    for name in [".m.bundle.recurrent-partial", ".m.bundle.recurrent-replaced"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name + "/x", withIntermediateDirectories: true)
    }
    try write("first")
    try write("second", overwrites: true)
    #expect(try text() == "second")
    #expect(try folder.contents() == ["m.bundle"])
  }

  @Test func somethingElseIsNeverReplaced() throws {
    let file = try folder.file("plain", [1])
    let other = folder.path + "/other"
    try FileManager.default.createDirectory(atPath: other + "/inside", withIntermediateDirectories: true)
    for place in [file, other] {
      #expect(throws: BundleError.self) { try write("x", to: place, overwrites: true) }
      #expect(throws: BundleError.self) { try ModelBundle<Note>.checkPlace(place, overwrites: true) }
    }
    #expect(throws: BundleError.self) { try write("x", to: file + "/below") }
    #expect(try folder.contents() == ["other", "plain"])
    #expect(FileManager.default.fileExists(atPath: other + "/inside"))
  }

  @Test func refusals() throws {
    #expect(throws: BundleError.notFound(path: path)) { _ = try ModelBundle<Note>.open(path, task: "test") }
    try write("x")
    #expect(throws: BundleError.otherTask(path: path, expected: "other", found: "test")) {
      _ = try ModelBundle<Note>.open(path, task: "other")
    }
    let manifest = path + "/task.json"
    for (content, reason) in [
      ("{}", "\"format\" is missing"), ("[]", "wrong type"), ("{\"format\": 3}", "wrong type at format"),
      (#"{"format": "recurrent-bundle", "version": 1, "task": "test", "modelHash": ""}"#, "no description"),
      (
        #"{"format": "recurrent-bundle", "version": 1, "task": "test", "modelHash": "", "description": {"text": "a"}}"#,
        "\"number\" is missing at description"
      ),
    ] {
      try Data(content.utf8).write(to: URL(filePath: manifest))
      let error = #expect(throws: BundleError.self) { _ = try ModelBundle<Note>.open(path, task: "test") }
      #expect("\(try #require(error))".contains(reason), "\(String(describing: error))")
      #expect("\(try #require(error))".contains("m.bundle/task.json"))
    }
  }

  /// A manifest cut at any byte is refused and never ends the process.
  @Test func truncatedEverywhere() throws {
    try write("x")
    let manifest = path + "/task.json"
    let whole = try Data(contentsOf: URL(filePath: manifest))
    for count in 0..<(whole.count - 2) {
      try whole.prefix(count).write(to: URL(filePath: manifest))
      #expect(throws: BundleError.self) { _ = try ModelBundle<Note>.open(path, task: "test") }
    }
  }
}
