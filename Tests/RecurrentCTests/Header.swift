import CRecurrent
import RecurrentTestSupport

/// What a call of the header said when it failed.
struct HeaderError: Error, Equatable, CustomStringConvertible {
  let code: Int32
  let description: String

  init(_ error: rec_error) {
    code = error.code
    description = withUnsafeBytes(of: error.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// Calls `body` with an error to be filled, and throws that where the code is not 0.
func checked<R>(_ body: (UnsafeMutablePointer<rec_error>) -> R) throws -> R {
  var error = rec_error()
  error.code = -1
  let result = body(&error)
  if error.code != 0 { throw HeaderError(error) }
  return result
}

/// The object that a call makes.
func made(_ body: (UnsafeMutablePointer<rec_error>) -> OpaquePointer?) throws -> OpaquePointer {
  guard let object = try checked(body) else { throw CheckFailure("a call that succeeded made nothing") }
  return object
}

/// The text that a call returned, which is freed.
func taken(_ text: UnsafeMutablePointer<CChar>?) throws -> String {
  defer { rec_text_free(text) }
  guard let text else { throw CheckFailure("a call that succeeded returned no text") }
  return String(cString: text)
}

/// Layers of any cells in a file, opened through the header.
final class OpenedLayers {
  let layer: RecurrentLayer<AnyCell>
  let model: OpaquePointer
  let folder: ScratchFolder

  /// Two layers of 4 units over 3 inputs.
  init(isBidirectional: Bool = false, _ cell: (Int, RandomKey) -> AnyCell = OpenedLayers.lstm) throws {
    folder = try ScratchFolder()
    layer = RecurrentLayer(
      layerCount: 2, inputSize: 3, isBidirectional: isBidirectional, key: RandomKey(seed: 5), makeCell: cell)
    let path = folder.path + "/layers.safetensors"
    try SafetensorsWriter.write(layer.entries(), to: path)
    model = try made { rec_open(path, nil, $0) }
  }

  static func lstm(_ inputSize: Int, _ key: RandomKey) -> AnyCell {
    AnyCell(LSTM(inputSize: inputSize, hiddenSize: 4, key: key))
  }

  deinit { rec_model_free(model) }

  /// A session of so many rows.
  func session(rows: Int64 = 1) throws -> OpaquePointer {
    try made { rec_session_new(model, rows, $0) }
  }
}

/// The output of a step of a session of layers.
func pushed(_ session: OpaquePointer, _ x: [Float], width: Int = 4) throws -> [Float] {
  var y = [Float](repeating: .nan, count: width)
  var written: Int64 = -1
  _ = try checked { rec_push(session, x, Int64(x.count), &y, Int64(y.count), &written, $0) }
  try require(written == Int64(width), "\(written) numbers were written, expected \(width)")
  return y
}
