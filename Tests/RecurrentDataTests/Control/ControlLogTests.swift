import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Logs of systems and drivers: which columns are what, episodes, and what is refused.
@Suite struct ControlLogTests {
  private static func source(_ text: String, _ name: String = "log.csv") -> DataSource {
    DataSource(bytes: Array(text.utf8), name: name)
  }

  private static func log(
    _ text: String, need: ControlLog.Need = .all, _ set: (inout ControlColumns) -> Void = { _ in }
  ) throws -> ControlLog {
    var columns = ControlColumns(outputs: ["y"])
    set(&columns)
    return try ControlLog([source(text)], columns: columns, need: need)
  }

  @Test func columnsAreTakenByName() throws {
    let log = try Self.log("time_s,u,y,v\n0,1,2,3\n0.5,4,5,6\n1,7,8,9\n")
    #expect(log.inputs == ["u", "v"] && log.outputs == ["y"] && log.moves.isEmpty)
    #expect(log.interval == 0.5 && log.episodes.count == 1)
    #expect(log.episodes[0].inputs == [1, 3, 4, 6, 7, 9] && log.episodes[0].outputs == [2, 5, 8])
    #expect(log.columns.knownTime == "time_s" && log.columns.outputKind == .continuous)
    let named = try Self.log("a,b,y\n1,2,3\n4,5,6\n") { $0.inputs = ["b"] }
    #expect(named.inputs == ["b"] && named.episodes[0].inputs == [2, 5] && named.interval == nil)
    // the order of columns is that of the training, whatever the file has
    let other = try ControlLog([Self.source("v,y,u\n1,2,3\n")], columns: log.columns)
    #expect(other.episodes[0].inputs == [3, 1])
    // what the training had and this has not is said
    #expect(other.notes.contains { $0.kind == .warning && $0.setting == "time" })
  }

  @Test func episodesBeginAnew() throws {
    let text = "run,t,u,y\n1,0,1,1\n1,1,2,2\n2,0,3,3\n2,1,4,4\n2,2,5,5\n"
    let log = try Self.log(text) { $0.episode = "run" }
    #expect(log.episodes.map(\.stepCount) == [2, 3] && log.episodes[1].outputs == [3, 4, 5])
    #expect(log.episodes[1].name == "log.csv, episode 2" && log.interval == 1)
    // a column of the usual name needs no flag
    let assumed = try Self.log(text.replacing("run,", with: "episode,"))
    #expect(assumed.episodes.count == 2 && assumed.notes.contains { $0.setting == "episode" })
    let several = try ControlLog(
      [Self.source("u,y\n1,2\n"), Self.source("u,y\n3,4\n5,6\n", "b.csv")],
      columns: ControlColumns(outputs: ["y"]))
    #expect(several.episodes.map(\.stepCount) == [1, 2] && several.episodes[1].name == "b.csv")
  }

  @Test func movesAreNumbered() throws {
    let text = "s,move\n1,left\n2,right\n3,left\n"
    let log = try Self.log(text) { $0.outputs = ["move"] }
    #expect(log.moves == ["left", "right"] && log.episodes[0].outputs == [0, 1, 0])
    #expect(log.columns.outputKind == .discrete)
    let known = try ControlLog([Self.source("s,move\n1,right\n")], columns: log.columns, moves: log.moves)
    #expect(known.episodes[0].outputs == [1])
    #expect(throws: DataError.self) {
      try ControlLog([Self.source("s,move\n1,up\n")], columns: log.columns, moves: log.moves)
    }
    // numbers are moves where somebody says so
    let asked = try Self.log("s,y\n1,10\n2,3\n") { $0.outputKind = .discrete }
    #expect(asked.moves == ["10", "3"])
  }

  /// Outputs that are to be simulated need not be there behind the warm-up.
  @Test func outputsMayBeMissingBehindTheWarmUp() throws {
    let log = try Self.log("u,y\n1,2\n2,\n3,NA\n", need: .first(1))
    #expect(log.episodes[0].outputs[0] == 2 && log.episodes[0].outputs[1].isNaN)
    let none = try Self.log("u\n1\n2\n", need: .first(0)) { $0.inputs = ["u"] }
    #expect(none.episodes[0].outputs.allSatisfy { $0.isNaN })
    #expect(throws: DataError.self) { try Self.log("u,y\n1,\n2,3\n", need: .first(1)) }
  }

  @Test(arguments: [
    ("u,y\n1,2\nnan,3\n", "line 3, column \"u\"", "fill what is missing"),
    ("u,y\n1,2\n2,inf\n", "line 3, column \"y\"", "a number within"),
    ("u,y\n1,2\n2,\n", "line 3, column \"y\"", "nothing"),
    ("t,u,y\n0,1,2\n1,1,2\n1,1,2\n", "line 4, column \"t\"", "times that rise"),
    ("t,u,y\n0,1,2\n1,1,2\n2,1,2\n4,1,2\n", "line 5, column \"t\"", "resample the log"),
    ("t,u,y\n5,1,2\n6,1,2\n0,1,2\n1,1,2\n", "line 4, column \"t\"", "episodes apart"),
    ("episode,u,y\n1,1,2\n2,1,2\n1,1,2\n", "line 4, column \"episode\"", "sort the table"),
    ("u,z\n1,2\n", "no column \"y\"", "\"u\", \"z\""), ("y\n1\n2\n", "inputs must be", "none"),
  ])
  func whatIsWrongIsSaid(_ text: String, _ place: String, _ remedy: String) {
    let error = #expect(throws: DataError.self) { try Self.log(text) }
    let sentence = error.map { "\($0)" } ?? ""
    #expect(sentence.contains(place) && sentence.contains(remedy), "\(sentence)")
  }

  @Test func distancesOfFilesAgree() throws {
    let sources = [Self.source("t,u,y\n0,1,2\n1,1,2\n"), Self.source("t,u,y\n0,1,2\n2,1,2\n", "b.csv")]
    let error = #expect(throws: DataError.self) {
      try ControlLog(sources, columns: ControlColumns(outputs: ["y"]))
    }
    #expect(error.map { "\($0)".contains("b.csv") && "\($0)".contains("resample") } ?? false)
  }

  // MARK: Robots

  private static func robots(_ name: String, _ set: (inout ControlColumns) -> Void = { _ in }) throws
    -> ControlLog
  {
    var columns = ControlColumns()
    set(&columns)
    return try ControlLog([DataSource(bytes: fixture(name + ".h5"), name: name + ".h5")], columns: columns)
  }

  @Test func onePieceIsCutWhereEpisodesEnd() throws {
    let log = try Self.robots("d4rl")
    #expect(log.inputs == ["observations.0", "observations.1", "observations.2"])
    #expect(log.outputs == ["actions.0", "actions.1"] && log.episodes.map(\.stepCount) == [5, 4, 3])
    let one = try Self.robots("d4rl") { ($0.inputs, $0.outputs) = (["observations.1"], ["rewards"]) }
    #expect(one.inputs == ["observations.1"] && one.episodes[0].outputs.count == 5)
    #expect(throws: DataError.self) { try Self.robots("d4rl") { $0.outputs = ["nothing"] } }
  }

  @Test func groupsAreEpisodesInOrder() throws {
    let log = try Self.robots("minari")
    #expect(log.episodes.map(\.stepCount) == [3, 5, 4, 2, 2, 2, 2, 2, 2, 2, 2] && log.inputs.count == 2)
    // whole numbers are moves, and what is seen behind the last one is not read
    #expect(log.moves == ["0", "1", "2"] && log.episodes[1].outputs == [0, 1, 2, 0, 1])
    #expect(log.episodes[2].name == "minari.h5, episode_2")
  }

  @Test func demonstrationsHavePartsAndNames() throws {
    let log = try Self.robots("robomimic")
    #expect(log.inputs == ["arm.0", "arm.1", "hand"] && log.outputs == ["actions.0", "actions.1"])
    #expect(log.episodes.map(\.part) == [.training, .validation, .training])
    #expect(log.episodes.map(\.stepCount) == [4, 3, 5])
    let hand = try Self.robots("robomimic") { $0.inputs = ["hand"] }
    #expect(hand.episodes[1].inputs.count == 3)
  }
}
