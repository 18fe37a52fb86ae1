import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SessionWindowsTests {
  private static func sessions(_ lengths: [Int]) -> SessionSequences {
    var sessions = SessionSequences()
    var item: Int32 = 0
    for length in lengths {
      sessions.append((0..<length).map { item + Int32($0) })
      item += Int32(length)
    }
    return sessions
  }

  /// Every pair of neighbours of a session is a step once an epoch, behind those before it in its row, with a reset at the first
  /// one, whatever the numbers of rows and steps are.
  @Test(arguments: [1, 2, 3, 7, 64], [1, 2, 5, 100])
  func everyPairOnce(_ rowCount: Int, _ length: Int) throws {
    let lengths = [3, 1, 2, 9, 4, 2, 2, 1, 6, 5]
    let sessions = Self.sessions(lengths)
    for order in SessionWindows.Order.allCases {
      let windows = try SessionWindows(
        sessions, rowCount: rowCount, windowLength: length, order: order, seed: 3)
      #expect(windows.rowCount == min(rowCount, 8) && windows.targetCount == 25)
      for epoch in 0..<2 {
        var rows = [[(input: Int32, target: Int32, reset: Bool)]](repeating: [], count: windows.rowCount)
        for number in 0..<windows.count(epoch: epoch) {
          let window = windows.window(number, epoch: epoch)
          let steps = window.inputs.shape[0]
          #expect(steps <= length && window.targetCount == window.lengths.reduce(0, +))
          for step in 0..<steps {
            for row in 0..<windows.rowCount {
              let place = step * windows.rowCount + row
              guard step < window.lengths[row] else {
                #expect(window.targets.values[place] == SessionWindows.ignoredTarget && !window.resets[place])
                continue
              }
              rows[row].append(
                (window.inputs.values[place], window.targets.values[place], window.resets[place]))
            }
          }
        }
        #expect(rows.allSatisfy { $0.first?.reset ?? false })
        var pairs: [Int32] = []
        for row in rows {
          for (place, step) in row.enumerated() {
            #expect(step.target == step.input + 1)
            // a session goes on where it is not begun
            if !step.reset { #expect(row[place - 1].target == step.input) }
            pairs.append(step.input)
          }
        }
        var expected: [Int32] = []
        for session in 0..<sessions.count {
          expected += sessions.items[sessions.starts[session]..<sessions.starts[session + 1]].dropLast()
        }
        #expect(pairs.sorted() == expected)
        let resets = rows.flatMap { $0 }.count { $0.reset }
        #expect(resets == 8)
      }
    }
  }

  @Test func rowsTakeTheNextSession() throws {
    // rows 0 and 1 begin with sessions 0 and 1; the shorter one goes on with session 2
    let windows = try SessionWindows(
      Self.sessions([4, 2, 3]), rowCount: 2, windowLength: 3, order: .time, seed: 1)
    let window = windows.window(0, epoch: 0)
    #expect(window.inputs.values == [0, 4, 1, 6, 2, 7] && window.targets.values == [1, 5, 2, 7, 3, 8])
    #expect(window.resets == [true, true, false, true, false, false] && window.lengths == [3, 3])
    #expect(windows.count(epoch: 0) == 1)
  }

  @Test func orderOfEpochs() throws {
    func first(_ order: SessionWindows.Order, _ epoch: Int, seed: UInt64 = 1) throws -> [Int32] {
      try SessionWindows(
        Self.sessions([Int](repeating: 2, count: 50)), rowCount: 50, windowLength: 1, order: order, seed: seed
      ).window(0, epoch: epoch).inputs.values
    }
    #expect(try first(.time, 0) == first(.time, 1))
    #expect(try first(.random, 0) != first(.random, 1))
    #expect(try first(.random, 0) != first(.random, 0, seed: 2))
    #expect(try first(.random, 2) == first(.random, 2))
  }

  @Test func whatCannotBe() {
    #expect(throws: DataError.self) {
      try SessionWindows(Self.sessions([1, 1]), rowCount: 2, windowLength: 1, order: .time, seed: 1)
    }
    #expect(throws: DataError.self) {
      try SessionWindows(Self.sessions([2]), rowCount: 0, windowLength: 1, order: .time, seed: 1)
    }
  }
}
