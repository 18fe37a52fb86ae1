import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Whole models of Keras on the command line: applied, imported and exported they give what Keras gave.
@Suite struct KerasModelTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// Puts files of the archive of models into the folder.
  private func unpack(_ names: [String]) throws {
    let parts = try ZipParts(bytes: fixture("keras.zip"), path: "keras.zip")
    for name in names { _ = try run.folder.file(name, parts.content(named: name)) }
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
    // the layer that takes words says int32 in one of the models
    let type: ElementType = given.elementType.isFloat ? .f32 : name == "masked" ? .i32 : .i64
    func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
    let entry =
      type == .f32
      ? ArrayEntry(name: input, shape: given.shape, floats: try given.floats())
      : ArrayEntry(
        name: input, dataType: type, shape: given.shape,
        bytes: try given.integers().flatMap { type == .i32 ? bytes(Int32($0)) : bytes($0) })
    try NPYWriter.write(entry, to: run.folder.path + "/x.npy")
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
    _ = try run.folder.file("bad.keras", Array("PK\u{3}\u{4} no model".utf8))
    let bad = try run("apply", "bad.keras", "--input", "stack.npz", "--output", "y.npz")
    #expect(bad.code == 1 && bad.errors.contains("bad.keras"), "\(bad.errors)")
  }
}
