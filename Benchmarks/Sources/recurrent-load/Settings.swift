/// What a run does.
struct Settings {
  var host = "127.0.0.1"
  var port = 8080
  var model = ""
  var connections = 64
  /// Requests or messages a second, of all connections together.
  var rate = 1000.0
  var seconds = 5.0
  var warm = 1.0
  /// Steps of a message or a request.
  var steps = 1
  /// Numbers of a step.
  var size = 128
  /// Tokens of a completion.
  var tokens = 200
  /// Characters of the prompt of a request that is sent beside.
  var prompt = 200
  /// Requests a second that are sent beside.
  var probes = 10.0
  var isBinary = false
  /// Whether each connection has a sequence of its own.
  var hasSequences = false
}
