import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Whole models of Keras on the command line: applied, imported and exported they give what Keras gave.
@Suite struct KerasModelTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// Puts files of the archive of models into the folder.
  private func unpack(_ names: [String]) throws {
    let archive = try ZipArchive(storage: FileBytes(fixture("keras.zip")), path: "keras.zip")
    for name in names {
      let entry = try #require(archive.entry(named: name))
      try AtomicFile.write(
        archive.content(of: entry).withBytes { Array($0) }, to: run.folder.path + "/" + name)
    }
  }

  private func done(_ command: String) throws {
    let result = try run(command.split(separator: " ").map(String.init))
    #expect(result.code == 0, "\(command): \(result.errors)")
  }

  @Test(arguments: ["stack", "words", "masked", "bidirectional_last"], ["keras", "h5"])
  func outputsAreThoseOfKeras(_ name: String, _ ending: String) throws {
    try unpack([name + "." + ending, name + ".npz"])
    let known = try NPZFile(path: run.folder.path + "/\(name).npz")
    let input = try #require(known.names.first { $0 != "output" })
    let expected = try known.array(named: "output")
    let given = try known.array(named: input)
    try NPYWriter.write(
      ArrayEntry(name: input, shape: given.shape, floats: given.floats(convertsIntegers: true)),
      to: run.folder.path + "/x.npy")
    func check(_ file: String) throws {
      let found = try ArrayFileCatalog.open(run.folder.path + "/" + file).file
      let output = try found.array(named: found.names[0])
      #expect(output.shape == expected.shape, "\(file)")
      try requireClose(output.doubles(), expected.doubles(), relative: 1e-5, absolute: 1e-5, file)
    }
    try done("apply \(name).\(ending) --input x.npy --output y.npz")
    try check("y.npz")
    try done("import \(name).\(ending) -o model.bundle")
    try done("apply model.bundle --input x.npy --output z.npz")
    try check("z.npz")
  }

  @Test func saysWhatCannotBeRead() throws {
    try unpack(["stack.keras", "stack.npz"])
    let rows = try run("apply", "stack.keras", "--input", "stack.npz", "--batch-first", "--output", "y.npz")
    #expect(rows.code == 1 && rows.errors.contains("--batch-first"), "\(rows.errors)")
    try AtomicFile.write(Array("PK\u{3}\u{4} no model".utf8), to: run.folder.path + "/bad.keras")
    let bad = try run("apply", "bad.keras", "--input", "stack.npz", "--output", "y.npz")
    #expect(bad.code == 1 && bad.errors.contains("bad.keras"), "\(bad.errors)")
  }
}
