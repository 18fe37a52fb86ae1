/// What can be asked for, in the form of OpenAPI 3.1.
enum OpenAPIDescription {
  private struct Operation {
    let path: String
    let method: String
    let summary: String
    var body: String?
    var status = 200
  }

  private static let operations = [
    Operation(path: "/", method: "get", summary: "A page to try the models on"),
    Operation(path: "/health", method: "get", summary: "Whether new work is taken"),
    Operation(path: "/metrics", method: "get", summary: "Figures for Prometheus"),
    Operation(path: "/openapi.json", method: "get", summary: "This description"),
    Operation(path: "/v1/models", method: "get", summary: "The models"),
    Operation(path: "/v1/models/{model}", method: "get", summary: "A model"),
    Operation(
      path: "/v1/completions", method: "post", summary: "Write on from a text, as OpenAI has it",
      body: "application/json"),
    Operation(
      path: "/v1/predict/{model}", method: "post", summary: "Predict for whole sequences",
      body: "application/json"),
    Operation(path: "/v1/sessions", method: "get", summary: "All sessions"),
    Operation(
      path: "/v1/sessions", method: "post", summary: "Begin a session", body: "application/json", status: 201),
    Operation(path: "/v1/sessions/{session}", method: "get", summary: "A session"),
    Operation(path: "/v1/sessions/{session}", method: "delete", summary: "End a session"),
    Operation(
      path: "/v1/sessions/{session}/steps", method: "post", summary: "Read steps", body: "application/json"),
    Operation(
      path: "/v1/sessions/{session}/reset", method: "post", summary: "End the sequence and begin another one",
      body: "application/json"),
    Operation(
      path: "/v1/sessions/{session}/fork", method: "post", summary: "Begin a session where another one is",
      body: "application/json", status: 201),
    Operation(
      path: "/v1/sessions/{session}/state", method: "get", summary: "The state of a session, as a file"),
    Operation(
      path: "/v1/sessions/{session}/state", method: "put", summary: "Go on from the state of a file",
      body: "application/octet-stream"),
    Operation(path: "/v2", method: "get", summary: "The server, as the Open Inference Protocol has it"),
    Operation(path: "/v2/health/live", method: "get", summary: "Whether the server runs"),
    Operation(path: "/v2/health/ready", method: "get", summary: "Whether new work is taken"),
    Operation(path: "/v2/repository/index", method: "post", summary: "The models", body: "application/json"),
    Operation(path: "/v2/models/{model}", method: "get", summary: "Inputs and outputs of a model"),
    Operation(path: "/v2/models/{model}/ready", method: "get", summary: "Whether a model takes work"),
    Operation(
      path: "/v2/models/{model}/config", method: "get",
      summary: "The configuration of a model, with all limits"),
    Operation(path: "/v2/models/{model}/stats", method: "get", summary: "What a model has done"),
    Operation(
      path: "/v2/models/{model}/infer", method: "post", summary: "Read steps of a sequence, or of none",
      body: "application/json"),
  ]

  /// The description.
  static func node(version: String) -> JSONNode {
    var paths: [(String, JSONNode)] = []
    for path in operations.map(\.path) where !paths.contains(where: { $0.0 == path }) {
      paths.append((path, .object(operations.filter { $0.path == path }.map { ($0.method, node($0)) })))
    }
    return .object([
      ("openapi", .text("3.1.0")),
      ("info", .object([("title", .text("recurrent serve")), ("version", .text(version))])),
      ("paths", .object(paths)),
    ])
  }

  private static func node(_ operation: Operation) -> JSONNode {
    let error = JSONNode.object([("description", .text("Why there is no answer"))])
    var members: [(String, JSONNode)] = [("summary", .text(operation.summary))]
    let parameters = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }
    if !parameters.isEmpty {
      members.append(
        (
          "parameters",
          .list(
            parameters.map { name in
              .object([
                ("name", .text(String(name.dropFirst().dropLast()))), ("in", .text("path")),
                ("required", .bool(true)),
                ("schema", .object([("type", .text("string"))])),
              ])
            })
        ))
    }
    if let type = operation.body {
      let schema = JSONNode.object(type == "application/json" ? [("type", .text("object"))] : [])
      members.append(
        ("requestBody", .object([("content", .object([(type, .object([("schema", schema)]))]))])))
    }
    let done = JSONNode.object([("description", .text("Done"))])
    members.append(("responses", .object([("\(operation.status)", done), ("default", error)])))
    return .object(members)
  }
}
