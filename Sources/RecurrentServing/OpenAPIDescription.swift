/// What can be asked for, in the form of OpenAPI 3.1.
enum OpenAPIDescription {
  private struct Operation {
    let path: String
    let method: String
    let summary: String
    var body: String?
    var status = 200
    /// The schema of a body of JSON, with `MODEL` for that of the name of a model.
    var schema = #"{"type":"object"}"#
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
      body: "application/json",
      schema:
        #"{"type":"object","required":["model"],"properties":{"model":MODEL,"prompt":{"type":["string","array"],"items":{"type":["string","integer"]}},"max_tokens":{"type":"integer","minimum":0,"maximum":64},"temperature":{"type":"number","minimum":0,"maximum":2},"top_p":{"type":"number"},"top_k":{"type":"integer"},"n":{"type":"integer","minimum":1,"maximum":2},"seed":{"type":"integer"},"stream":{"type":"boolean"},"echo":{"type":"boolean"},"logprobs":{"type":"integer","minimum":0,"maximum":5},"stop":{"type":["string","array"],"items":{"type":"string"}},"session":{"type":"string"},"presence_penalty":{"type":"number"},"frequency_penalty":{"type":"number"},"logit_bias":{"type":"object","additionalProperties":{"type":"number"}}}}"#
    ),
    Operation(
      path: "/v1/chat/completions", method: "post", summary: "Go on with a conversation, as OpenAI has it",
      body: "application/json",
      schema:
        #"{"type":"object","required":["model","messages"],"properties":{"model":MODEL,"messages":{"type":"array","minItems":1,"items":{"type":"object","required":["role","content"],"properties":{"role":{"enum":["system","developer","user","assistant"]},"content":{"type":"string"}}}},"max_tokens":{"type":"integer","minimum":0,"maximum":64},"max_completion_tokens":{"type":"integer","minimum":0,"maximum":64},"temperature":{"type":"number","minimum":0,"maximum":2},"top_p":{"type":"number"},"n":{"type":"integer","minimum":1,"maximum":2},"seed":{"type":"integer"},"stream":{"type":"boolean"},"logprobs":{"type":"boolean"},"top_logprobs":{"type":"integer","minimum":0,"maximum":5},"stop":{"type":["string","array"],"items":{"type":"string"}},"presence_penalty":{"type":"number"},"frequency_penalty":{"type":"number"}}}"#
    ),
    Operation(
      path: "/v1/predict/{model}", method: "post", summary: "Predict for whole sequences",
      body: "application/json",
      schema: #"{"type":"object","properties":{"record":{},"records":{"type":"array"}}}"#),
    Operation(
      path: "/v1/audio/transcriptions", method: "post", summary: "Write down a recording, as OpenAI has it",
      body: "multipart/form-data"),
    Operation(path: "/v1/sessions", method: "get", summary: "All sessions"),
    Operation(
      path: "/v1/sessions", method: "post", summary: "Begin a session", body: "application/json", status: 201,
      schema:
        #"{"type":"object","required":["model"],"properties":{"model":MODEL,"id":{"type":"string","pattern":"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"},"ttl":{"type":"number","minimum":0}}}"#
    ),
    Operation(path: "/v1/sessions/{session}", method: "get", summary: "A session"),
    Operation(path: "/v1/sessions/{session}", method: "delete", summary: "End a session"),
    Operation(
      path: "/v1/sessions/{session}/steps", method: "post", summary: "Read steps", body: "application/json",
      schema:
        #"{"type":"object","required":["steps"],"properties":{"steps":{"type":"array","items":{"type":["array","string","number","object"],"items":{"type":"number"}}},"position":{"type":"integer","minimum":0}}}"#
    ),
    Operation(
      path: "/v1/sessions/{session}/reset", method: "post", summary: "End the sequence and begin another one",
      body: "application/json"),
    Operation(
      path: "/v1/sessions/{session}/fork", method: "post", summary: "Begin a session where another one is",
      body: "application/json", status: 201,
      schema:
        #"{"type":"object","properties":{"id":{"type":"string","pattern":"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"}}}"#
    ),
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
      body: "application/json",
      schema:
        #"{"type":"object","required":["inputs"],"properties":{"id":{"type":"string"},"parameters":{"type":"object","properties":{"sequence_id":{"type":["string","integer"]},"sequence_start":{"type":"boolean"},"sequence_end":{"type":"boolean"},"binary_data_output":{"type":"boolean"}}},"inputs":{"type":"array","items":{"type":"object","required":["name","shape","datatype","data"],"properties":{"name":{"type":"string"},"shape":{"type":"array","items":{"type":"integer","minimum":0}},"datatype":{"enum":["BOOL","INT32","INT64","FP16","FP32","FP64","BYTES"]},"data":{"type":"array"}}}},"outputs":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}}}}"#
    ),
  ]

  /// The description.
  static func node(version: String, models: [String]) -> JSONNode {
    let model = JSONNode.object([
      ("type", .text("string")), ("enum", .list(models.sorted().map { .text($0) })),
    ])
    var paths: [(String, JSONNode)] = []
    for path in operations.map(\.path) where !paths.contains(where: { $0.0 == path }) {
      paths.append(
        (path, .object(operations.filter { $0.path == path }.map { ($0.method, node($0, model)) })))
    }
    return .object([
      ("openapi", .text("3.1.0")),
      ("info", .object([("title", .text("recurrent serve")), ("version", .text(version))])),
      ("paths", .object(paths)),
    ])
  }

  private static func node(_ operation: Operation, _ model: JSONNode) -> JSONNode {
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
                ("schema", name == "{model}" ? model : .object([("type", .text("string"))])),
              ])
            })
        ))
    }
    if let type = operation.body {
      let text = operation.schema.replacing("MODEL", with: String(decoding: model.bytes, as: UTF8.self))
      let schema = type == "application/json" ? JSONNode.written(Array(text.utf8)) : .object([])
      members.append(
        ("requestBody", .object([("content", .object([(type, .object([("schema", schema)]))]))])))
    }
    let done = JSONNode.object([("description", .text("Done"))])
    members.append(("responses", .object([("\(operation.status)", done), ("default", error)])))
    return .object(members)
  }
}
