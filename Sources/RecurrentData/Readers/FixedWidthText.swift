/// Tables whose columns are places of a line, as statistical offices print them: made into text with tabs.
struct FixedWidthText {
  private let lines: [[UInt8]]
  /// The lines with numbers in columns.
  private let body: [Int]
  /// The places of the columns.
  private let fields: [Range<Int>]

  private static let least = 5

  /// The text of a table, line for line, with the title lines within it as a column of its own; nil where a file is no such
  /// table, or a delimiter cuts its lines into equal fields.
  static func converted(_ file: DataBytes) -> [UInt8]? {
    let head = file.withBytes { bytes -> [String] in
      let head = bytes.prefix(1 << 16)
      // blanks in rows, and none of the marks that stand between fields
      let isCandidate =
        bytes.count < 1 << 26 && zip(head, head.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
        && !head.contains { $0 == 0x09 || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "|") }
      guard isCandidate else { return [] }
      return String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }
    guard FixedWidthText(head) != nil, let lines = try? file.lines() else { return nil }
    return FixedWidthText(lines)?.text
  }

  private init?(_ lines: [String]) {
    let bytes = lines.map { Array($0.utf8) }
    var body = lines.indices.filter { FixedWidthText.isRow(lines[$0]) }
    guard body.count >= FixedWidthText.least,
      2 * body.count >= lines.count(where: { !$0.trimmingBlanks.isEmpty })
    else { return nil }
    let width = body.map { bytes[$0].count }.max() ?? 0
    var filled = [Int](repeating: 0, count: width)
    for line in body {
      for (place, byte) in bytes[line].enumerated() where byte > 0x20 { filled[place] += 1 }
    }
    var (fields, begin) = ([Range<Int>](), Int?.none)
    for place in 0...width {
      let isFilled = place < width && filled[place] > 0
      if isFilled, begin == nil { begin = place }
      if !isFilled, let first = begin {
        fields.append(first..<place)
        begin = nil
      }
    }
    // rows in which most fields are empty
    let areTexts = fields.map { place in
      body.prefix(200).contains { ColumnKinds.kind(of: FixedWidthText.text(bytes[$0], place)) == .text }
    }
    let whole = Set(body)
    body += lines.indices.filter { line in
      guard !whole.contains(line), !lines[line].trimmingBlanks.isEmpty else { return false }
      let own = fields.map { FixedWidthText.text(bytes[line], $0) }
      return own.count { !$0.isEmpty } > 1 && !own[0].isEmpty
        && zip(own, areTexts).allSatisfy { $1 || $0.isEmpty || ColumnKinds.kind(of: $0) != .text }
        && zip(own, areTexts).contains { !$1 && !$0.isEmpty }
    }
    body.sort()
    (self.lines, self.body, self.fields) = (bytes, body, fields)
    // rows that blanks alone cut into equal fields need no places
    let counts = Set(body.map { lines[$0].split(whereSeparator: { $0 == " " || $0 == "\r" }).count })
    let others = lines.filter { !$0.trimmingBlanks.isEmpty && !$0.hasPrefix("#") }.count - body.count
    guard fields.count >= 3, counts.count > 1 || others > 1 else { return nil }
  }

  /// Whether a line has three chunks between wide blanks, most of them numbers.
  private static func isRow(_ line: String) -> Bool {
    let chunks = chunks(line)
    guard chunks.count >= 3 else { return false }
    let numbers = chunks.dropFirst().count { FieldNumber.isNumber($0) || FieldNumber.isMissing($0) }
    return 2 * numbers > chunks.count - 1 && 10 * numbers >= 8 * (chunks.count - 1)
  }

  /// What stands between two blanks or more.
  private static func chunks(_ line: String) -> [String] {
    var (chunks, chunk, blanks) = ([String](), "", 0)
    for character in line.trimmingBlanks {
      if character == " " {
        blanks += 1
        continue
      }
      if blanks > 1 {
        chunks.append(chunk)
        chunk = ""
      } else if blanks == 1 {
        chunk.append(" ")
      }
      blanks = 0
      chunk.append(character)
    }
    return chunk.isEmpty ? chunks : chunks + [chunk]
  }

  private static func text(_ line: [UInt8], _ place: Range<Int>) -> String {
    String(decoding: line[place.clamped(to: 0..<line.count)], as: UTF8.self).trimmingBlanks
  }

  /// A field without blanks and the points that lead to the next one.
  private func field(_ line: Int, _ place: Range<Int>) -> String {
    let text = FixedWidthText.text(lines[line], place)
    let end = text.reversed().prefix { $0 == "." }.count
    return end >= 3 ? String(text.dropLast(end)).trimmingBlanks : text
  }

  private var text: [UInt8]? {
    guard let first = body.first else { return nil }
    let titles = titles()
    var rows = [String](repeating: "", count: lines.count)
    let names = names(above: first, without: titles)
    let head = names.map { $0.replacing("\t", with: " ") }
    // the names stand on the line above the first row, or above all
    guard first > 0 else { return nil }
    let hasSections = titles.count > 1
    rows[first - 1] = ((hasSections ? ["section"] : []) + head).joined(separator: "\t")
    var section = ""
    for line in lines.indices {
      if let title = titles[line] { section = title }
      guard body.contains(sorted: line) else { continue }
      rows[line] = ((hasSections ? [section] : []) + fields.map { field(line, $0) }).joined(separator: "\t")
    }
    return Array(rows.joined(separator: "\n").utf8)
  }

  /// Lines with one chunk directly before rows that come later: what the rows below are about.
  private func titles() -> [Int: String] {
    var titles: [Int: String] = [:]
    for line in body {
      var above = line - 1
      while above >= 0, String(decoding: lines[above], as: UTF8.self).trimmingBlanks.isEmpty { above -= 1 }
      guard above >= 0, !body.contains(sorted: above) else { continue }
      let chunks = FixedWidthText.chunks(String(decoding: lines[above], as: UTF8.self))
      if chunks.count == 1, !chunks[0].allSatisfy({ "-=_ ".contains($0) }) { titles[above] = chunks[0] }
    }
    return titles
  }

  /// The words above each column, from the block of lines nearest to the first row.
  private func names(above first: Int, without titles: [Int: String]) -> [String] {
    var words = [[String]](repeating: [], count: fields.count)
    var (line, isWithin) = (first - 1, false)
    while line >= 0 {
      let text = String(decoding: lines[line], as: UTF8.self)
      let chunks = FixedWidthText.chunks(text)
      if chunks.isEmpty, isWithin { break }
      if !chunks.isEmpty, titles[line] == nil, !text.allSatisfy({ "-=_ \r".contains($0) }),
        chunks.count > 1 || !isWithin || fields.count == 1 || text.utf8.count > fields[0].upperBound
      {
        if chunks.count > 1 || isWithin { isWithin = true }
        for (place, word) in placed(line) where isWithin { words[place].insert(word, at: 0) }
      }
      line -= 1
    }
    var names: [String] = []
    for (place, own) in words.enumerated() {
      var name = ""
      for word in own {
        if name.hasSuffix("-") {
          name = name.dropLast() + word
        } else {
          name += (name.isEmpty ? "" : " ") + word
        }
      }
      if name.isEmpty { name = "column \(place + 1)" }
      names.append(name)
    }
    return names
  }

  /// The chunks of a line, each with the column that its middle is nearest to.
  private func placed(_ line: Int) -> [(place: Int, word: String)] {
    let bytes = lines[line]
    var (found, begin, blanks) = ([(Int, String)](), Int?.none, 0)
    for index in 0...bytes.count {
      let isBlank = index == bytes.count || bytes[index] <= 0x20
      if !isBlank {
        if begin == nil { begin = index }
        blanks = 0
        continue
      }
      blanks += 1
      guard let first = begin, blanks > 1 || index == bytes.count else { continue }
      let end = index == bytes.count && blanks == 1 ? index : index - blanks + 1
      let middle = (first + end) / 2
      let place = fields.indices.min { a, b in
        abs(fields[a].lowerBound + fields[a].upperBound - 2 * middle)
          < abs(fields[b].lowerBound + fields[b].upperBound - 2 * middle)
      }
      if let place { found.append((place, String(decoding: bytes[first..<end], as: UTF8.self))) }
      begin = nil
    }
    return found
  }
}

extension [Int] {
  /// Whether rising numbers have one among them.
  fileprivate func contains(sorted number: Int) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number
  }
}
