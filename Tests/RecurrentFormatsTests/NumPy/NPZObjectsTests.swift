import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Lists of arrays of NumPy: read as NumPy wrote them, and as Python 2 did; whatever else a pickle names is refused.
@Suite struct NPZObjectsTests {
  @Test func readsWhatNumPyWrote() throws {
    let file = try NPZObjects(bytes: fixture("drawings.npz"))
    #expect(file.names == ["train", "valid"])
    let arrays = try file.arrays(named: "train")
    #expect(arrays.map(\.shape) == [[4, 3], [2, 3], [2, 3]])
    #expect(arrays.map(\.elementType) == [.i16, .i32, .f32])
    #expect(try arrays[0].integers() == [0, 0, 0, 3, 4, 1, -1, 2, 0, 5, 0, 1])
    #expect(try arrays[1].integers() == [1, 1, 0, 300, -200, 1])
    #expect(try arrays[2].floats() == [0.5, 0.25, 0, -1.5, 2, 1])
    #expect(try file.arrays(named: "valid").count == 1)
    #expect(throws: FormatError.self) { try file.arrays(named: "test") }
  }

  private func read(_ pickle: [UInt8], count: Int = 1) throws -> [StoredArray] {
    let bytes = Archives.zip([(name: "a.npy", bytes: PickledArrays.file(count: count, pickle: pickle))])
    return try NPZObjects(bytes: bytes, path: "x.npz").arrays(named: "a")
  }

  @Test func readsWhatPython2Wrote() throws {
    let arrays = try read(PickledArrays.pickle([([2, 3], [1, -2, 0, 300, 4, 1]), ([0, 3], [])]), count: 2)
    #expect(arrays.map(\.shape) == [[2, 3], [0, 3]])
    #expect(try arrays[0].integers() == [1, -2, 0, 300, 4, 1] && arrays[1].integers().isEmpty)
    #expect(try read(PickledArrays.pickle([]), count: 0).isEmpty)
  }

  /// An array of numbers is no list of arrays, and no pickle.
  @Test func plainArraysAreNamed() throws {
    let head = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n".utf8)
    let array =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(head.count), 0] + head + [UInt8](repeating: 0, count: 8)
    let error = #expect(throws: FormatError.self) {
      try NPZObjects(bytes: Archives.zip([(name: "a.npy", bytes: array)]), path: "x.npz").arrays(named: "a")
    }
    let text = "\(try #require(error))"
    #expect(
      text.contains("expected an array of objects") && text.contains("F32 of the shape [2, 1]"), "\(text)")
  }

  /// A pickle is a program: what it would call is named and not called.
  @Test(arguments: ["posix\nsystem", "numpy.core.multiarray\nscalar", "builtins\neval", "_codecs\nencode"])
  func otherNamesAreRefused(_ name: String) throws {
    let error = #expect(throws: FormatError.self) {
      try read(PickledArrays.pickle([([1], [1])], maker: name))
    }
    let text = "\(try #require(error))"
    #expect(text.contains(name.replacing("\n", with: ".")) && text.contains("no code is run"), "\(text)")
  }

  /// An array has bytes of its own, as many as its shape says.
  @Test func sizesMustFit() throws {
    for shape in [[2, 2], [1], [-2, -2], [1 << 30, 1 << 30]] {
      #expect(throws: FormatError.self) { try read(PickledArrays.pickle([(shape, [1, 2])])) }
    }
    // one array twice: the second by what was kept of the first, in a list of two
    var pickle = PickledArrays.pickle([([1], [1])])
    let one = [UInt8(ascii: "J"), 1, 0, 0, 0]
    let shape = try #require(pickle.indices.first { pickle[$0...].starts(with: one) })
    pickle[shape + 1] = 2
    pickle.insert(contentsOf: [0x94, UInt8(ascii: "h"), 0], at: pickle.count - 4)
    let error = #expect(throws: FormatError.self) { try read(pickle, count: 2) }
    #expect("\(try #require(error))".contains("the same one again"))
  }

  @Test func withstandsDamage() throws {
    let whole = PickledArrays.pickle([([2, 3], [1, -2, 0, 300, 4, 1])])
    for cut in whole.indices { #expect(throws: FormatError.self) { try read(Array(whole[..<cut])) } }
    try checkStructure(damagedNumbers(whole, most: 3000), naming: "x.npz") { _ = try read($0) }
  }
}
