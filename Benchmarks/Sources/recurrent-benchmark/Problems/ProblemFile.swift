import Foundation
import Recurrent

/// A problem line that cannot be used.
struct ProblemError: Error, CustomStringConvertible {
  let path: String
  /// From 1; nil for the file as a whole.
  let line: Int?
  let expected: String
  let found: String

  var description: String {
    "\(path)\(line.map { ":\($0)" } ?? ""): expected \(expected), found \(found)"
  }
}

/// A file of problems: one a line, `#` begins a comment, `kind cell name=value ...`.
struct ProblemFile {
  let path: String
  let problems: [Problem]

  /// What the section of the file is called in reports: its name without folders and ending.
  var name: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

  /// Reads a file.
  init(path: String) throws(ProblemError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ProblemError(path: path, line: nil, expected: "a readable file", found: "none")
    }
    var problems: [Problem] = []
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, text) in lines.enumerated() {
      let content = text.prefix { $0 != "#" }
      let words = content.split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      var parser = LineParser(path: path, line: index + 1, words: words[...])
      problems.append(try parser.parse())
    }
    guard !problems.isEmpty else {
      throw ProblemError(path: path, line: nil, expected: "at least one problem", found: "none")
    }
    self.path = path
    self.problems = problems
  }
}

/// The words of one line.
private struct LineParser {
  let path: String
  let line: Int
  var words: ArraySlice<String>

  func failure(_ expected: String, _ found: String) -> ProblemError {
    ProblemError(path: path, line: line, expected: expected, found: found)
  }

  mutating func parse() throws(ProblemError) -> Problem {
    let kinds = ProblemKind.allCases.map(\.rawValue).joined(separator: ", ")
    let first = words.removeFirst()
    guard let kind = ProblemKind(rawValue: first) else {
      throw failure("a kind of problem (\(kinds))", "`\(first)`")
    }
    let cell = kind.hasCell ? try parseCell(kind) : nil
    var problem = Problem(kind: kind, cell: cell, numbers: [:], options: [:], modes: kind.modes)
    for word in words { try apply(word, to: &problem) }
    for number in kind.numbers where problem.numbers[number.name] == nil {
      guard let standard = number.standard else {
        throw failure("`\(kind.form)`", "a line without \(number.name)=")
      }
      problem.numbers[number.name] = standard
    }
    if kind == .languageModel, problem.options["optimizer"] == nil { problem.options["optimizer"] = "sgd" }
    if kind == .ragged { problem.drawLengths() }
    return problem
  }

  private mutating func parseCell(_ kind: ProblemKind) throws(ProblemError) -> Problem.Cell {
    let names = Problem.Cell.allCases.map(\.rawValue).joined(separator: ", ")
    guard let word = words.popFirst() else { throw failure("a cell (\(names))", "the end of the line") }
    guard let cell = Problem.Cell(rawValue: word) else { throw failure("a cell (\(names))", "`\(word)`") }
    return cell
  }

  private func apply(_ word: String, to problem: inout Problem) throws(ProblemError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw failure("name=value", "`\(word)`")
    }
    let (name, value) = (parts[0], parts[1])
    guard problem.numbers[name] == nil, problem.options[name] == nil else {
      throw failure("each name once", "`\(name)=` a second time")
    }
    if let number = problem.kind.numbers.first(where: { $0.name == name }) {
      problem.numbers[name] = try parse(value, as: number)
    } else if name == "modes" {
      problem.modes = try parseModes(value, of: problem.kind)
    } else if let choices = problem.kind.choices[name] {
      guard choices.contains(value) else {
        throw failure("\(name)=\(choices.joined(separator: " or "))", "`\(value)`")
      }
      problem.options[name] = value
    } else {
      try applyOption(name, value, to: &problem)
    }
  }

  private func parse(_ value: String, as number: ProblemKind.Number) throws(ProblemError) -> Double {
    let (low, high) = (plain(number.range.lowerBound), plain(number.range.upperBound))
    guard let parsed = Double(value), number.range.contains(parsed),
      !number.isWhole || parsed == parsed.rounded()
    else {
      throw failure(
        "\(number.name)= a \(number.isWhole ? "whole " : "")number in \(low) ... \(high)", "`\(value)`")
    }
    return parsed
  }

  private func parseModes(_ value: String, of kind: ProblemKind) throws(ProblemError) -> [ProblemKind.Mode] {
    var modes: [ProblemKind.Mode] = []
    for word in value.split(separator: ",") {
      guard let mode = ProblemKind.Mode(rawValue: String(word)), kind.modes.contains(mode) else {
        let all = kind.modes.map(\.rawValue).joined(separator: " and ")
        throw failure("modes of \(all)", "`\(word)`")
      }
      modes.append(mode)
    }
    return modes
  }

  private func applyOption(_ name: String, _ value: String, to problem: inout Problem) throws(ProblemError) {
    let known = CellOption.all.filter { option in problem.cell.map { option.cells.contains($0) } ?? false }
    guard let option = known.first(where: { $0.name == name }) else {
      let names = problem.kind.numbers.map(\.name) + ["modes"] + problem.kind.choices.keys + known.map(\.name)
      throw failure("one of \(names.joined(separator: ", "))", "the unknown option `\(name)=\(value)`")
    }
    guard option.values.contains(value) else {
      throw failure("\(name)= \(option.values.description)", "`\(value)`")
    }
    problem.options[name] = value
  }
}
