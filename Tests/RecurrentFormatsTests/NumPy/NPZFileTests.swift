import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Files of NumPy: read as NumPy wrote them, written as NumPy reads them, and withstanding damage.
@Suite struct NPZFileTests {
  /// Throws unless the arrays of a file are those of the safetensors file that was made beside it.
  static func check(_ file: some ArrayFile, against name: String) throws {
    let expected = try SafetensorsFile(bytes: fixture(name + ".safetensors"))
    for name in expected.names {
      let (found, wanted) = (try file.array(named: name), try expected.array(named: name))
      #expect(found.elementType == wanted.elementType && found.shape == wanted.shape, "\(name)")
      let bytes = try found.withBytes { Array($0) }
      #expect(try bytes == wanted.withBytes { Array($0) }, "\(name)")
    }
  }

  @Test(arguments: ["arrays.npz", "arrays_compressed.npz"])
  func readsWhatNumPyWrote(_ name: String) throws {
    let file = try NPZFile(bytes: fixture(name))
    #expect(file.names.count == 18)
    try NPZFileTests.check(file, against: "arrays")
    #expect(try file.array(named: "big_endian").floats() == [3, 2, 1, 0])
    #expect(try file.array(named: "int64").integers() == [3, 2, 1, 0, -1, -2])
    #expect(try file.array(named: "bool").floats(convertsIntegers: true) == [0, 1, 0, 1, 0, 1])
    #expect(throws: FormatError.self) { try file.array(named: "missing") }
  }

  @Test func readsOneArray() throws {
    let file = try NPYFile(bytes: fixture("array.npy"))
    #expect(file.array.shape == [3, 5])
    #expect(try file.array.floats() == (0..<15).map { 3 - Float($0) })
  }

  @Test func roundTrip() throws {
    let folder = try ScratchFolder()
    let entries = [
      ArrayEntry(name: "a/b", shape: [2, 2], floats: [1, -2, .infinity, 4]),
      ArrayEntry(name: "n", shape: [3], integers: [Int64.min, 0, 7]),
      ArrayEntry(name: "empty", shape: [0, 3], floats: []),
      ArrayEntry(name: "scalar", shape: [], floats: [5]),
      ArrayEntry(name: "truths", shape: [2], truths: [true, false]),
    ]
    let path = folder.path + "/x.npz"
    try NPYWriter.write(entries, to: path)
    let file = try NPZFile(path: path)
    #expect(file.names == ["a/b", "n", "empty", "scalar", "truths"])
    #expect(try file.array(named: "a/b").floats() == [1, -2, .infinity, 4])
    #expect(try file.array(named: "n").integers() == [.min, 0, 7])
    #expect(try file.array(named: "empty").shape == [0, 3])
    #expect(try file.array(named: "scalar").floats() == [5])
    #expect(try file.array(named: "truths").elementType == .bool)
    try NPYWriter.write(entries[0], to: folder.path + "/x.npy")
    let one = try NPYFile(path: folder.path + "/x.npy")
    #expect(one.names == ["x"])
    #expect(try one.array.floats() == [1, -2, .infinity, 4])
    #expect(throws: FormatError.duplicateName(path: path, name: "n.npy")) {
      try NPYWriter.write([entries[1], entries[1]], to: path)
    }
  }

  @Test(arguments: ["arrays.npz", "arrays_compressed.npz"])
  func withstandsDamage(_ name: String) throws {
    try checkFormat(fixture(name), rounds: 1500) { (bytes) throws(FormatError) in
      let file = try NPZFile(bytes: bytes)
      for name in file.names { _ = try file.array(named: name).floats(convertsIntegers: true) }
    }
  }

  @Test func oneArrayWithstandsDamage() throws {
    try checkFormat(fixture("array.npy"), rounds: 5000) { (bytes) throws(FormatError) in
      _ = try NPYFile(bytes: bytes).array.floats(convertsIntegers: true)
    }
  }

  private func file(_ header: String) -> [UInt8] {
    NPYBytes.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
  }

  private enum NPYBytes { static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) }

  @Test(arguments: [
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'"),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1099511627776), }", "64 bits"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }", "truncated"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "an extent"),
    ("{'descr': '<f4', 'shape': (1,), }", "not all of them"),
    ("{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", "once each"),
  ])
  func refusesWhatItCannotRead(_ header: String, _ part: String) {
    let error = #expect(throws: FormatError.self) { try NPYFile(bytes: file(header), path: "f") }
    #expect("\(error.map { "\($0)" } ?? "")".contains(part))
  }
}
