import CRecurrent
import Recurrent

/// Sequences to predict from.
final class SourceData: Sendable {
  let source: DataSource
  init(_ source: DataSource) { self.source = source }
}

/// A file or a folder: `rec_data_path` of the header.
@_cdecl("rec_data_path")
public func recDataPath(
  _ path: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) { Handle.retained(SourceData(DataSource(try text(path, "path")))) }
}

/// Bytes as a file has them: `rec_data_bytes` of the header.
@_cdecl("rec_data_bytes")
public func recDataBytes(
  _ bytes: UnsafeRawPointer?, _ count: Int64, _ name: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let count = try RecurrentC.count(count, "count", in: 0...1 << 40)
    let start = count == 0 ? bytes : try required(bytes, "bytes")
    let all = Array(UnsafeRawBufferPointer(start: start, count: count))
    return Handle.retained(SourceData(DataSource(bytes: all, name: try text(name, "name"))))
  }
}

/// A value of JSON: `rec_data_json` of the header.
@_cdecl("rec_data_json")
public func recDataJSON(
  _ value: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let name = try text(name, "name")
    let value = try JSONValue(text: text(value, "text").utf8, path: name)
    return Handle.retained(SourceData(DataSource(value, name: name)))
  }
}

/// A series: `rec_data_series` of the header.
@_cdecl("rec_data_series")
public func recDataSeries(
  _ values: UnsafePointer<Float>?, _ steps: Int64, _ channels: Int64, _ stepStride: Int64,
  _ channelStride: Int64, _ name: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let values = try required(values, "values")
    let (steps, channels) = (try count(steps, "steps"), try count(channels, "channels"))
    var numbers: [Float] = []
    numbers.reserveCapacity(try product(steps, channels))
    for step in 0..<steps {
      for channel in 0..<channels {
        numbers.append(values[step * Int(stepStride) + channel * Int(channelStride)])
      }
    }
    let series = NumericSeries(channels: (1...channels).map { "\($0)" }, values: numbers)
    return Handle.retained(SourceData(DataSource([Record(.series(series))], name: try text(name, "name"))))
  }
}

/// Frees data: `rec_data_free` of the header.
@_cdecl("rec_data_free")
public func recDataFree(_ data: OpaquePointer?) { Handle.release(data, SourceData.self) }

/// Predicts: `rec_predict` of the header.
@_cdecl("rec_predict")
public func recPredict(
  _ model: OpaquePointer?, _ data: OpaquePointer?, _ settings: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<rec_error>?
) -> UnsafeMutablePointer<CChar>? {
  attempt(error) {
    let model = try Handle.object(model, Model.self, "model")
    let data = try Handle.object(data, SourceData.self, "data")
    let task = try model.task
    let settings = try settings.map { try Settings(json: text($0, "settings"), of: task) } ?? Settings()
    return try model.engine.run {
      try copied(OrderedJSON(task.predictions([data.source], settings: settings)).text)
    }
  }
}

extension Settings {
  /// The settings of an object of JSON with values by the names of those of a task.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` or a format error.
  init(json text: String, of task: any AnyTrainedTask) throws {
    self.init()
    guard case .object(let members) = try JSONValue(text: text.utf8, path: "settings") else {
      throw CallError.argument("settings is no object of JSON")
    }
    let known = task.settings.flatMap(\.settings)
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let setting = known.first(where: { $0.name == name }) else {
        throw DataError.invalidSetting(
          name: name, expected: known.map(\.name).joined(separator: ", "), found: "no setting of that name")
      }
      if case .null = value { continue }
      try set(setting, to: value.settingText)
    }
  }
}

extension JSONValue {
  /// The value as a setting has it on a command line.
  fileprivate var settingText: String {
    switch self {
    case .bool(let value): value ? "on" : "off"
    case .list(let values): values.map(\.settingText).joined(separator: ",")
    default: field ?? ""
    }
  }
}
