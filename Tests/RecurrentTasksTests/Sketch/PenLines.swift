import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Reads lines of a stream, by a reader that is stored and restored before each of them.
func restoringRead(_ lines: [String]) throws -> [PenStep] {
  var reader = PenStepReader()
  var steps: [PenStep] = []
  for (index, line) in lines.enumerated() {
    var other = PenStepReader()
    let isRestored = other.restore(reader.stored)
    #expect(isRestored)
    reader = other
    steps += try reader.push(try JSONValue(text: Array(line.utf8), path: "x"), line: index + 1)
  }
  return steps + reader.finish()
}
