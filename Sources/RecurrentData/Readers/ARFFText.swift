/// Tables of Weka, as text with commas: `@relation`, `@attribute`, `@data`.
enum ARFFText {
  /// The text of a table with the names of its attributes, line for line; nil where a file is none of Weka.
  ///
  /// - Throws: ``DataError`` for attributes without names or types, and where no data follow.
  static func converted(_ file: DataBytes) throws(DataError) -> [UInt8]? {
    let head = file.withBytes { String(decoding: $0.prefix(4096), as: UTF8.self) }
    let first = head.split(whereSeparator: \.isNewline).first {
      !String($0).trimmingBlanks.isEmpty && !$0.hasPrefix("%")
    }
    guard first?.lowercased().hasPrefix("@relation") ?? false else { return nil }
    var (names, zeros, lines, isData) = ([String](), [String](), [String](), false)
    for (index, line) in try file.lines().enumerated() {
      let text = line.trimmingBlanks
      if text.isEmpty || text.hasPrefix("%") {
        lines.append("")
      } else if isData {
        lines.append(try row(text, zeros, path: file.path, line: index + 1))
      } else if text.lowercased().hasPrefix("@attribute") {
        guard let name = name(text.dropFirst(10)) else {
          throw .malformed(
            path: file.path, place: .line(index + 1), expected: "@attribute NAME TYPE",
            found: "\"\(text.prefix(40))\"")
        }
        names.append(name)
        zeros.append(zero(text))
        lines.append("")
      } else if text.lowercased().hasPrefix("@data") {
        isData = true
        lines.append(names.map(quoted).joined(separator: ","))
      } else {
        lines.append("")
      }
    }
    guard isData, !names.isEmpty else {
      throw .malformed(
        path: file.path, place: .line(lines.count), expected: "@attribute and @data",
        found: "the end of the file")
    }
    return Array(lines.joined(separator: "\n").utf8)
  }

  private static func name(_ text: Substring) -> String? {
    let text = String(text).trimmingBlanks
    guard let first = text.first else { return nil }
    if first == "'" || first == "\"" {
      let rest = text.dropFirst()
      guard let end = rest.firstIndex(of: first), rest.index(after: end) < rest.endIndex else { return nil }
      return String(rest[..<end])
    }
    let parts = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
    return parts.count == 2 ? String(parts[0]) : nil
  }

  /// What a sparse row means where it says nothing: the first of the values of an attribute that lists them, else 0.
  private static func zero(_ attribute: String) -> String {
    guard attribute.hasSuffix("}"), let begin = attribute.firstIndex(of: "{") else { return "0" }
    return fields(String(attribute[attribute.index(after: begin)...].dropLast()))[0]
  }

  private static func quoted(_ field: String) -> String {
    field.contains(",") || field.contains("\"") ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }

  /// A row of data with double quotes; a sparse one with all of its fields. Weights behind rows are no fields.
  private static func row(_ text: String, _ zeros: [String], path: String, line: Int) throws(DataError)
    -> String
  {
    guard text.hasPrefix("{") else {
      var row = fields(text)
      if row.count == zeros.count + 1, let last = row.last, last.hasPrefix("{"), last.hasSuffix("}") {
        row.removeLast()
      }
      return row.map(quoted).joined(separator: ",")
    }
    var row = zeros
    let content = text.dropFirst().prefix { $0 != "}" }
    for field in fields(String(content)) where !field.isEmpty {
      let parts = field.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let place = Int(parts[0]), row.indices.contains(place) else {
        throw .malformed(
          path: path, place: .line(line), expected: "the number of an attribute and its value",
          found: "\"\(field.prefix(40))\"")
      }
      row[place] = fields(String(parts[1]))[0]
    }
    return row.map(quoted).joined(separator: ",")
  }

  /// The fields of a line, in single quotes, double ones or none.
  private static func fields(_ text: String) -> [String] {
    var (fields, field, quote, isEscaped) = ([String](), "", Character?.none, false)
    for character in text {
      if isEscaped {
        field.append(character)
        isEscaped = false
      } else if quote != nil, character == "\\" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"", field.trimmingBlanks.isEmpty {
        (quote, field) = (character, "")
      } else if quote == nil, character == "," {
        fields.append(field.trimmingBlanks)
        field = ""
      } else {
        field.append(character)
      }
    }
    return fields + [field.trimmingBlanks]
  }
}
