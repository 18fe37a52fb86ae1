/// What the letters of an equation in Einstein's notation say: `bth,bsh->bts`.
struct EinsumEquation {
  /// A letter by its number in ASCII; axes of an ellipsis are negative, the last one -1.
  typealias Label = Int

  /// The labels of the axes of each operand.
  let terms: [[Label]]
  /// Those of the result.
  let output: [Label]

  /// Reads an equation for operands of the given numbers of axes.
  ///
  /// - Throws: what is wrong with it.
  init(_ text: String, ranks: [Int]) throws(EinsumIssue) {
    let sides = EinsumEquation.pieces(Array(text.utf8.filter { $0 != UInt8(ascii: " ") }), at: "->")
    let lefts = EinsumEquation.pieces(sides[0], at: ",")
    guard sides.count <= 2 else { throw EinsumIssue("has more than one arrow") }
    guard lefts.count == ranks.count else {
      throw EinsumIssue("has \(lefts.count) terms for \(ranks.count) inputs")
    }
    var (terms, widest) = ([[Label]](), 0)
    for (index, left) in lefts.enumerated() {
      let term = try EinsumEquation.term(left)
      let width = ranks[index] - term.filter { $0 != nil }.count
      guard width >= 0, term.contains(nil) || width == 0 else {
        throw EinsumIssue("has a term of \(term.count) letters for input \(index) of \(ranks[index]) axes")
      }
      terms.append(term.flatMap { label in label.map { [$0] } ?? Array(-width..<0) })
      widest = Swift.max(widest, width)
    }
    self.terms = terms
    let used = terms.joined()
    if sides.count == 2 {
      output = try EinsumEquation.term(sides[1]).flatMap { label in label.map { [$0] } ?? Array(-widest..<0) }
      guard Set(output).count == output.count else { throw EinsumIssue("has a letter twice in the result") }
      guard Set(output).isSubset(of: used) else {
        throw EinsumIssue("has a letter in the result that no input has")
      }
    } else {
      let letters = used.filter { $0 > 0 }
      let once = Set(letters).filter { letter in letters.count { $0 == letter } == 1 }
      output = Array(-widest..<0) + once.sorted()
    }
  }

  /// The letters of a term, nil for its ellipsis.
  private static func term(_ text: [UInt8]) throws(EinsumIssue) -> [Label?] {
    let parts = pieces(text, at: "...")
    guard parts.count <= 2 else { throw EinsumIssue("has a term with two ellipses") }
    for byte in parts.joined() {
      let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
      guard isLetter else { throw EinsumIssue("has the character \(Character(UnicodeScalar(byte)))") }
    }
    let labels: [[Label?]] = parts.map { $0.map { Int($0) } }
    return Array(labels.joined(separator: [nil]))
  }

  /// The bytes between the places where `mark` stands.
  private static func pieces(_ text: [UInt8], at mark: String) -> [[UInt8]] {
    let mark = Array(mark.utf8)
    var (pieces, place) = ([[UInt8]()], 0)
    while place < text.count {
      if text[place...].starts(with: mark) {
        pieces.append([])
        place += mark.count
      } else {
        pieces[pieces.count - 1].append(text[place])
        place += 1
      }
    }
    return pieces
  }
}

/// What is wrong with an equation.
struct EinsumIssue: Error {
  let text: String

  init(_ text: String) { self.text = text }
}
