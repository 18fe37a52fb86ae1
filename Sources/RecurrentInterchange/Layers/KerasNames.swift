import RecurrentFormats

/// The arrays of a file of weights that Keras 3 saved (`.weights.h5`) by the names that ``KerasLayers`` knows:
/// `layers/lstm/cell/vars/0` as `layers/lstm/cell/kernel`.
struct KerasNames: ArrayFile {
  private let file: any ArrayFile
  private let sources: [String: String]
  let names: [String]

  var path: String { file.path }
  var keepsOrder: Bool { file.keepsOrder }
  var metadata: [String: String] { file.metadata }

  private static let ending = "cell/vars/"

  /// Whether a file holds weights of cells by their numbers.
  static func recognizes(_ file: some ArrayFile) -> Bool {
    file.names.contains { $0.hasSuffix(ending + "1") }
  }

  init(of file: some ArrayFile) {
    self.file = file
    var sources: [String: String] = [:]
    names = file.names.map { name in
      var own = name
      for (number, leaf) in ["kernel", "recurrent_kernel", "bias"].enumerated()
      where name.hasSuffix(KerasNames.ending + "\(number)") {
        own = String(name.dropLast("vars/0".count)) + leaf
      }
      sources[own] = name
      return own
    }
    self.sources = sources
  }

  func array(named name: String) throws(FormatError) -> StoredArray {
    guard let source = sources[name] else { throw .unknownTensor(path: path, name: name, available: names) }
    return try file.array(named: source)
  }
}
