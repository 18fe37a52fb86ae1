import Foundation
import RecurrentTestSupport
import Synchronization
import Testing

/// Replacing a bundle removes what was written with it, and nothing else.
@Suite struct BundleReplacementTests {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/m.bundle"
  }

  private func write(_ text: String, files: [String: String] = ["card.md": ""], overwrites: Bool = true)
    throws
  {
    try ModelBundle(task: "test", description: [text]).write(
      to: path, model: LayerNorm(size: 3), files: files, overwrites: overwrites)
  }

  private func text() throws -> String {
    try ModelBundle<[String]>.describe(path, task: "test").description[0]
  }

  private func put(_ name: String, _ text: String, in place: String? = nil) throws {
    let file = URL(filePath: (place ?? path) + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func read(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: path + "/" + name), encoding: .utf8)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @Test func otherFilesAreKept() throws {
    try write("first", files: ["card.md": "", "loss.svg": "", "extra.txt": ""], overwrites: false)
    try put("thesis.txt", "years of work")
    try put("notes/deep/one.txt", "more")
    try write("second")
    #expect(try text() == "second")
    #expect(try read("thesis.txt") == "years of work" && read("notes/deep/one.txt") == "more")
    // what the first bundle had and the second has not is gone
    #expect(try names() == ["card.md", "model.safetensors", "notes", "task.json", "thesis.txt"])
    #expect(try folder.contents() == ["m.bundle"])
  }

  /// A folder of somebody else with a `task.json` of another kind is no bundle.
  @Test(arguments: [
    #"{"name": "my project", "tasks": []}"#, "buy milk", "{}",
    #"{"format": "other", "version": 1, "task": "x"}"#,
  ])
  func projectsAreLeftAlone(_ manifest: String) throws {
    try put("task.json", manifest)
    try put("thesis.txt", "years of work")
    #expect(throws: BundleError.self) { try write("x") }
    #expect(throws: BundleError.self) { try ModelBundle<[String]>.checkPlace(path, overwrites: true) }
    #expect(try read("task.json") == manifest && read("thesis.txt") == "years of work")
    #expect(try folder.contents() == ["m.bundle"])
  }

  /// Where something else has the name of a file of bundles, nothing is replaced, and it is named.
  @Test func conflictsAreRefused() throws {
    try write("first", overwrites: false)
    try put("report.html", "mine")
    let error = #expect(throws: BundleError.self) { try write("second") }
    #expect("\(try #require(error))".contains("report.html"))
    #expect(try text() == "first" && read("report.html") == "mine")
    try FileManager.default.removeItem(atPath: path + "/report.html")
    try FileManager.default.removeItem(atPath: path + "/card.md")
    try put("card.md/mine.txt", "mine")
    #expect(throws: BundleError.self) { try write("second") }
    #expect(try text() == "first" && read("card.md/mine.txt") == "mine")
  }

  /// Of a bundle from before files were listed go those that bundles are made of.
  @Test func bundlesWithoutAList() throws {
    try put(
      "task.json",
      #"{"description": ["old"], "format": "recurrent-bundle", "modelHash": "", "task": "test", "version": 1}"#
    )
    for name in ["model.safetensors", "card.md", "loss.svg", "report.html", "mine.csv"] {
      try put(name, name)
    }
    try write("new")
    #expect(try names() == ["card.md", "mine.csv", "model.safetensors", "task.json"])
    #expect(try text() == "new" && read("mine.csv") == "mine.csv")
  }

  /// A process that was killed between the exchange and the moving of other files has them in the hidden folder.
  @Test(arguments: ["partial", "replaced"])
  func nothingIsLostToAKill(_ purpose: String) throws {
    try write("old", overwrites: false)
    try put("thesis.txt", "years of work")
    let hidden = folder.path + "/.m.bundle.recurrent-" + purpose
    try FileManager.default.moveItem(atPath: path, toPath: hidden)
    try write("killed", overwrites: false)
    try FileManager.default.createDirectory(atPath: hidden, withIntermediateDirectories: true)
    try write("new")
    #expect(try text() == "new" && read("thesis.txt") == "years of work")
    #expect(try folder.contents() == ["m.bundle"])
  }

  /// A link is replaced; what it leads to is somebody else's.
  @Test func linksAreNotFollowed() throws {
    try write("first", overwrites: false)
    let real = folder.path + "/real.bundle"
    try FileManager.default.moveItem(atPath: path, toPath: real)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "real.bundle")
    try write("second")
    #expect(try text() == "second")
    #expect(try ModelBundle<[String]>.describe(real, task: "test").description == ["first"])
  }

  /// While a bundle is replaced again and again, whoever looks finds one.
  @Test func atNoMomentThereIsNone() throws {
    try write("0", overwrites: false)
    guard try canExchange() else { return }
    final class Look: Sendable {
      let isDone = Atomic(false)
      let misses = Atomic(0)
    }
    let (look, file) = (Look(), path + "/task.json")
    let thread = Thread {
      while !look.isDone.load(ordering: .relaxed) {
        if access(file, F_OK) != 0 { look.misses.add(1, ordering: .relaxed) }
      }
    }
    thread.start()
    defer { look.isDone.store(true, ordering: .relaxed) }
    for number in 1...30 { try write("\(number)") }
    #expect(look.misses.load(ordering: .relaxed) == 0)
  }

  private func canExchange() throws -> Bool {
    let names = ["a", "b"].map { folder.path + "/" + $0 }
    for name in names {
      try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
    }
    defer { for name in names { try? FileManager.default.removeItem(atPath: name) } }
    return FolderExchange.exchange(names[0], names[1])
  }
}
