/// What compatible characters stand for, such as `fi` for a ligature: the compatibility mappings of NFKC. Composed and
/// decomposed letters are the same to `Character` and `String` anyway.
struct CompatibilityTable: Sendable {
  private var mappings: [UInt32: [Unicode.Scalar]] = [:]

  /// The mappings of Unicode 14.
  static let standard = CompatibilityTable(compatibilityMappings)

  /// Runs, each of the first character, how many follow each other where there are several, whether the last character of the
  /// mapping rises with them, and the mapping, in hexadecimal: `a` or `a+n` or `a*n`, `=`, `b,c`.
  init(_ text: String) {
    for run in text.split(whereSeparator: \.isWhitespace) {
      let sides = run.split(separator: "=")
      let key = sides[0].split { $0 == "+" || $0 == "*" }
      let (first, count) = (
        UInt32(key[0], radix: 16) ?? 0, key.count > 1 ? UInt32(key[1], radix: 16) ?? 1 : 1
      )
      let target = sides[1].split(separator: ",").compactMap { UInt32($0, radix: 16) }
      let rises = sides[0].contains("+")
      for place in 0..<count {
        var own = target
        if rises { own[own.count - 1] += place }
        mappings[first + place] = own.compactMap(Unicode.Scalar.init)
      }
    }
  }

  /// How many characters have a mapping.
  var count: Int { mappings.count }

  /// Scalars with their mappings in their places.
  func replaced(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    for scalar in scalars {
      if scalar.value >= 0xA0, let mapping = mappings[scalar.value] {
        result.append(contentsOf: mapping)
      } else {
        result.append(scalar)
      }
    }
    return result
  }
}
