import CRecurrent
import Foundation
import RecurrentTestSupport
import Testing

/// A task behind the header says what the library says: predictions, sessions, settings, errors.
@Suite struct TaskModelTests {
  /// A bundle that estimates a number from two, step by step.
  private static let bundle = Result { () throws -> (path: String, folder: ScratchFolder) in
    let folder = try ScratchFolder()
    var settings = Settings()
    settings[.epochs] = 1
    settings[.hidden] = 4
    settings[.causal] = true
    settings[.target] = ["level"]
    let (a, b) = (waves(120, 0.1), waves(120, 0.23))
    let level = zip(a, b).map { $0 + $1 / 2 }
    let data = DataSource(
      columns: ["a": .numbers(a), "b": .numbers(b), "level": .numbers(level)], name: "tank")
    let output = TrainingOutput(folder.path + "/tank.bundle", overwrites: true)
    _ = try TaskTraining<SequenceRegressionTask>(TaskRequest([data], settings: settings), output: output)
      .run()
    return (output.path, folder)
  }

  private static func waves(_ count: Int, _ rate: Double) -> [Double] {
    (0..<count).map { Double(Float(sin(Double($0) * rate))) }
  }

  private func open() throws -> (model: OpaquePointer, path: String) {
    let path = try TaskModelTests.bundle.get().path
    return (try made { rec_open(path, nil, $0) }, path)
  }

  private let table = #"[{"a":0.5,"b":0.25},{"a":1,"b":-1},{"a":0,"b":0.125}]"#

  @Test func predictionsAreThoseOfTheLibrary() throws {
    let (model, path) = try open()
    defer { rec_model_free(model) }
    let data = try made { rec_data_json(table, "table", $0) }
    defer { rec_data_free(data) }
    let rows = try JSONValue(text: taken(checked { rec_predict(model, data, nil, $0) }).utf8)
    let own = try TrainedTask<SequenceRegressionTask>(bundle: path).predictions([
      DataSource(try JSONValue(text: table.utf8), name: "table")
    ])
    guard case .list(let found) = rows else { throw CheckFailure("\(rows) is no list") }
    #expect(found.count == own.count && !own.isEmpty)
    for (found, own) in zip(found, own) {
      guard case .object(let members) = found else { throw CheckFailure("\(found) is no object") }
      #expect(Set(members.keys) == Set(own.map(\.name)))
      for field in own {
        if case .number(let value) = field.value { #expect(members[field.name] == .number(value)) }
      }
    }
  }

  @Test func numbersAndJSONStepAlike() throws {
    let (model, _) = try open()
    defer { rec_model_free(model) }
    let first = try made { rec_session_new(model, 1, $0) }
    let second = try made { rec_session_new(model, 1, $0) }
    defer {
      rec_session_free(first)
      rec_session_free(second)
    }
    for step in [[0.5, 0.25], [1, -1], [0, 0.125]] as [[Float]] {
      var (y, written) = ([Float](repeating: .nan, count: 8), Int64(0))
      _ = try checked { rec_push(first, step, 2, &y, 8, &written, $0) }
      let text = try taken(checked { rec_push_json(second, "[\(step[0]),\(step[1])]", $0) })
      guard case .list(let rows) = try JSONValue(text: text.utf8), case .object(let row)? = rows.first else {
        throw CheckFailure("\(text) is no list of rows")
      }
      let numbers = row.values.compactMap { value in
        if case .number(let value) = value { Float(value) } else { nil }
      }
      #expect(written > 0 && Set(y.prefix(Int(written))) == Set(numbers))
    }
    var written: Int64 = 0
    let error = #expect(throws: HeaderError.self) {
      try checked { rec_push(first, [1, 2], 2, nil, 0, &written, $0) }
    }
    #expect(written > 0 && error?.description.contains("capacity is 0") == true)
  }

  @Test func describesItselfAndItsSettings() throws {
    let (model, _) = try open()
    defer { rec_model_free(model) }
    let description = try JSONValue(text: taken(checked { rec_model_describe(model, $0) }).utf8)
    guard case .object(let members) = description, case .list(let settings)? = members["settings"] else {
      throw CheckFailure("\(description) has no settings")
    }
    #expect(members["kind"] == .text("task") && members["task"] == .text("sequence-regression"))
    #expect(!settings.isEmpty)
    #expect(rec_model_input_size(model) == 0)
  }

  @Test(arguments: [#"{"no-such":1}"#, "[1]", "{"]) func settingsAreChecked(_ settings: String) throws {
    let (model, _) = try open()
    defer { rec_model_free(model) }
    let data = try made { rec_data_json(table, "table", $0) }
    defer { rec_data_free(data) }
    #expect(throws: HeaderError.self) {
      _ = try taken(checked { rec_predict(model, data, settings, $0) })
    }
  }

  @Test func whatATaskIsNotForIsSaid() throws {
    let (model, _) = try open()
    defer { rec_model_free(model) }
    var y: [Float] = [0]
    let error = #expect(throws: HeaderError.self) {
      try checked { rec_apply(model, 1, 1, [1], nil, nil, &y, nil, $0) }
    }
    #expect(error?.code == Int32(REC_UNSUPPORTED))
    let rows = #expect(throws: HeaderError.self) { try checked { rec_session_new(model, 2, $0) } }
    #expect(rows?.code == Int32(REC_ARGUMENT))
  }
}
