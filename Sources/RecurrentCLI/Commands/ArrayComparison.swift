import Recurrent

/// Two files of arrays beside each other.
struct ArrayComparison: Encodable {
  /// An array that one file lacks, or that is of another type or shape.
  struct Mismatch: Encodable {
    let name, reason: String
  }

  /// An array with other numbers.
  struct Difference: Encodable {
    let name: String
    /// The largest difference of two numbers; nil where one of them is none.
    let largest: Double?
  }

  /// Arrays that are the same in both, bit for bit.
  var sameCount = 0
  var mismatches: [Mismatch] = []
  var differences: [Difference] = []
  var isSame: Bool { mismatches.isEmpty && differences.isEmpty }

  init(_ first: String, _ second: String) throws {
    let (a, b) = (
      try ArrayFileCatalog.open(AnyModel.file(of: first)).file,
      try ArrayFileCatalog.open(AnyModel.file(of: second)).file
    )
    for name in a.names where !b.names.contains(name) {
      mismatches.append(Mismatch(name: name, reason: "is not in \(second)"))
    }
    for name in b.names where !a.names.contains(name) {
      mismatches.append(Mismatch(name: name, reason: "is not in \(first)"))
    }
    for name in a.names where b.names.contains(name) {
      try compare(try a.array(named: name), try b.array(named: name))
    }
  }

  private mutating func compare(_ a: StoredArray, _ b: StoredArray) throws {
    guard a.shape == b.shape, a.elementType == b.elementType else {
      let reason = "is \(a.elementType.rawValue) \(a.shape) and \(b.elementType.rawValue) \(b.shape)"
      mismatches.append(Mismatch(name: a.name, reason: reason))
      return
    }
    let isSame = try a.withBytes { (x) throws(FormatError) in
      try b.withBytes { (y) throws(FormatError) in x.elementsEqual(y) }
    }
    guard !isSame else {
      sameCount += 1
      return
    }
    let (x, y) = (try GraphValue(a).doubles, try GraphValue(b).doubles)
    let largest = zip(x, y).reduce(0.0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return largest.isNaN || difference.isNaN ? .nan : max(largest, difference)
    }
    differences.append(Difference(name: a.name, largest: largest.isNaN ? nil : largest))
  }

  /// The same for people.
  var lines: [String] {
    let same = "\(sameCount) array\(sameCount == 1 ? "" : "s") the same"
    return mismatches.map { "\"\($0.name)\" \($0.reason)" }
      + differences.map { difference in
        let text = difference.largest.map { "the largest difference is \($0)" } ?? "some are no numbers"
        return "\"\(difference.name)\" differs: \(text)"
      } + [same]
  }
}
