/// Lists of arrays as Python 2 pickled them for NumPy, made by hand, so that tests can lie in them.
public enum PickledArrays {
  /// An `.npy` file of objects: a header, and a pickle.
  public static func file(count: Int, pickle: [UInt8]) -> [UInt8] {
    let text = "{'descr': '|O', 'fortran_order': False, 'shape': (\(count),), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Archives.little(text.utf8.count, 2) + Array(text.utf8)
      + pickle
  }

  /// The pickle of arrays of 16-bit integers.
  ///
  /// - Parameters:
  ///   - arrays: shapes and numbers, row by row.
  ///   - maker: the name that is called for each.
  public static func pickle(
    _ arrays: [(shape: [Int], numbers: [Int])], maker: String = "numpy.core.multiarray\n_reconstruct"
  ) -> [UInt8] {
    let objects = arrays.flatMap { array in
      made(maker) + [UInt8(ascii: "("), UInt8(ascii: "K"), 1] + tuple(array.shape)
        + type("i2", order: "<") + [0x89] + string(array.numbers.flatMap { Archives.little($0 & 0xFFFF, 2) })
        + [UInt8(ascii: "t"), UInt8(ascii: "b")]
    }
    return [0x80, 2] + made(maker) + [UInt8(ascii: "("), UInt8(ascii: "K"), 1] + tuple([arrays.count])
      + type("O8", order: "|") + [0x89, UInt8(ascii: "]"), UInt8(ascii: "(")] + objects
      + [UInt8(ascii: "e"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: ".")]
  }

  /// A zip file of such lists.
  public static func archive(_ lists: [(name: String, arrays: [(shape: [Int], numbers: [Int])])]) -> [UInt8] {
    Archives.zip(
      lists.map { (name: $0.name + ".npy", bytes: file(count: $0.arrays.count, pickle: pickle($0.arrays))) })
  }

  private static func global(_ name: String) -> [UInt8] { [UInt8(ascii: "c")] + Array(name.utf8) + [0x0A] }

  private static func tuple(_ numbers: [Int]) -> [UInt8] {
    [UInt8(ascii: "(")] + numbers.flatMap { [UInt8(ascii: "J")] + Archives.little($0, 4) } + [
      UInt8(ascii: "t")
    ]
  }

  private static func string(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "T")] + Archives.little(bytes.count, 4) + bytes
  }

  /// `maker(numpy.ndarray, (0,), 'b')`.
  private static func made(_ maker: String) -> [UInt8] {
    global(maker) + [UInt8(ascii: "(")] + global("numpy\nndarray") + tuple([0]) + string([UInt8(ascii: "b")])
      + [UInt8(ascii: "t"), UInt8(ascii: "R")]
  }

  /// `numpy.dtype(name, 0, 1)` with the order of its bytes.
  private static func type(_ name: String, order: String) -> [UInt8] {
    let one = UInt8(ascii: "K")
    return global("numpy\ndtype") + [UInt8(ascii: "("), UInt8(ascii: "U"), 2] + Array(name.utf8)
      + [one, 0, one, 1, UInt8(ascii: "t"), UInt8(ascii: "R"), UInt8(ascii: "("), one, 3]
      + [UInt8(ascii: "U"), 1] + Array(order.utf8) + Array("NNN".utf8)
      + [UInt8(ascii: "J"), 255, 255, 255, 255, UInt8(ascii: "J"), 255, 255, 255, 255, one, 0]
      + [UInt8(ascii: "t"), UInt8(ascii: "b")]
  }
}
