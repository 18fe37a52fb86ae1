import ArgumentParser
import Recurrent

/// Predicts for each line of the standard input by itself: a line in, a line out, in order.
struct LinesRun {
  let trained: any AnyTrainedTask
  let settings: Settings
  let input: InputOptions
  let format: PredictionFormat
  /// Whether a line that cannot be predicted ends the run.
  let isStrict: Bool

  /// Lines that are predicted at once, where so many wait.
  private static let batchSize = 256

  func run() throws {
    let predict = try trained.recordPredictor(settings)
    var lines = StandardInputLines()
    var number = 0
    while true {
      let batch = try lines.waiting(atMost: LinesRun.batchSize)
      if batch.isEmpty { break }
      let records = batch.enumerated().map { offset, line in
        Result { try record(line, number: number + offset + 1) }
      }
      for (offset, prediction) in predict(records.map { $0.map(\.source) }).enumerated() {
        let id = try? records[offset].get().id
        switch prediction {
        case .success(let prediction): try write(prediction, id: id)
        case .failure(let error): try write(error, id: id, line: number + offset + 1)
        }
      }
      number += batch.count
    }
    if Interrupt.isRequested { throw ExitCode.interrupted }
  }

  /// A line as data, with the `id` that an object of JSON has.
  private func record(_ line: [UInt8], number: Int) throws -> (source: DataSource, id: JSONValue?) {
    let name = "<stdin>:\(number)"
    let format = input.inputFormat
    guard let text = String(validating: line, as: UTF8.self) else {
      throw DataError.malformed(
        path: "<stdin>", place: .line(number), expected: "text in UTF-8", found: "other bytes")
    }
    let isJSON = format == .json || format == .jsonl
    if isJSON || format == nil && line.first.map({ "{[\"".utf8.contains($0) }) ?? false {
      do {
        let value = try JSONValue(text: line, path: name)
        guard case .object(var object) = value, let id = object["id"], !trained.reads(column: "id") else {
          return (DataSource(value, name: name), nil)
        }
        object["id"] = nil
        return (DataSource(.object(object), name: name), id)
      } catch {
        // a text may begin with a bracket, but one that begins as an object does was meant as one
        guard !isJSON, trained.readsText, !line.starts(with: "{\"".utf8) else { throw error }
      }
    }
    if trained.readsText || format == .text { return (DataSource(.text(text), name: name), nil) }
    return (DataSource(text, format: format, rate: input.rate), nil)
  }

  private func write(_ prediction: RecordPrediction, id: JSONValue?) throws {
    if format == .pharaoh {
      return Terminal.stream((try prediction.rows.first.flatMap(PredictionForm.alignment) ?? "") + "\n")
    }
    guard format == .jsonl else { return Terminal.stream(prediction.text.onOneLine + "\n") }
    let head = id.map { [(name: "id", value: PredictionValue.value($0))] } ?? []
    let rows = prediction.rows.map { $0.filter { $0.name != "input" } }
    let fields =
      prediction.hasManyRows
      ? [(name: "predictions", value: PredictionValue.rows(rows))]
      : (rows.first ?? []).map { (name: $0.name, value: PredictionValue.field($0.value)) }
    try JSONLine.output(PredictionObject(head + fields))
  }

  private func write(_ error: any Error, id: JSONValue?, line: Int) throws {
    if isStrict { throw error }
    let text = "\(error)".namingFlags
    guard format == .jsonl else {
      Terminal.stream("\n")
      return Terminal.error(
        text.hasPrefix("<stdin>: line \(line):") ? "error: \(text)" : "error: line \(line): \(text)")
    }
    let head = id.map { [(name: "id", value: PredictionValue.value($0))] } ?? []
    try JSONLine.output(
      PredictionObject(
        head + [
          (name: "error", value: .field(.text(text))), (name: "line", value: .field(.integer(line))),
        ]))
  }
}
