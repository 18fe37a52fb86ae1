/// What the benchmark asks a runner, one line of JSON; `Benchmarks/peers/worker.py` describes the protocol.
struct Request: Codable {
  var open: Problem?
  var mode: ProblemKind.Mode?
  var threads: Int?
  var pin: Bool?
  var limit: Int?
  var check: String?
  var run: String?
  var warmup: Int?
  var `repeat`: Int?
  var memory: Bool?
  var close: Bool?
}

/// What a runner answers.
struct Reply: Codable {
  var name: String?
  var versions: [String: String]?
  var variants: [String]?
  var skip: String?
  var values: [String: Double]?
  var milliseconds: [Double]?
  var peak: Int?
  var base: Int?
  var closed: Bool?
  var error: String?
}
