import NIOCore

/// The requests of the scenarios.
enum Requests {
  /// A step of random numbers, as JSON.
  static func step(_ settings: Settings) -> String {
    "[" + (0..<settings.size).map { _ in "\(Float.random(in: -1...1))" }.joined(separator: ",") + "]"
  }

  /// Steps.
  ///
  /// - Parameters:
  ///   - sequence: that they belong to; nil for none.
  ///   - isStart: whether it begins with them.
  static func infer(_ settings: Settings, sequence: Int? = nil, isStart: Bool = false) -> ByteBuffer {
    let (path, shape) = ("/v2/models/\(settings.model)/infer", "[\(settings.steps),\(settings.size)]")
    let head = "\"name\":\"steps\",\"datatype\":\"FP32\",\"shape\":\(shape)"
    var parameters = sequence.map { ["\"sequence_id\":\($0),\"sequence_start\":\(isStart)"] } ?? []
    guard settings.isBinary else {
      let data = (0..<settings.steps).map { _ in step(settings) }.joined(separator: ",")
      let own = "\"parameters\":{\(parameters.joined(separator: ","))}"
      return ByteBuffer(
        "POST", path, body: ByteBuffer(string: "{\"inputs\":[{\(head),\"data\":[\(data)]}],\(own)}"))
    }
    parameters.append("\"binary_data_output\":true")
    let count = settings.steps * settings.size
    var body = ByteBuffer(
      string:
        "{\"inputs\":[{\(head),\"parameters\":{\"binary_data_size\":\(count * 4)}}],\"parameters\":{\(parameters.joined(separator: ","))}}"
    )
    let length = body.readableBytes
    for _ in 0..<count { body.writeInteger(Float.random(in: -1...1).bitPattern, endianness: .little) }
    return ByteBuffer("POST", path, fields: "inference-header-content-length: \(length)\r\n", body: body)
  }

  /// A completion.
  static func text(_ settings: Settings, seed: Int, tokens: Int, prompt: String, isStream: Bool) -> ByteBuffer
  {
    ByteBuffer(
      "POST", "/v1/completions",
      body: ByteBuffer(
        string:
          "{\"model\":\"\(settings.model)\",\"prompt\":\"\(prompt)\",\"max_tokens\":\(tokens),\"seed\":\(seed),\"stream\":\(isStream)}"
      ))
  }
}
