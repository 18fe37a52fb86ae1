import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// From bytes to bytes: the formats that clients know.
@Suite struct SchemaTests {
  private func text(_ answer: HTTPAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  private func post(_ path: String, _ body: String, fields: HTTPFields = [:]) -> HTTPQuestion {
    HTTPQuestion("POST", path, fields: fields, body: Array(body.utf8))
  }

  private func alone(_ lines: [[Double]]) throws -> [[Float]] {
    var host = try Harness.layers("alone")
    return try host.withTable { table in
      let slot = table.open()
      let rows = try table.push([SlotLines(slot: slot, lines: lines.map { Harness.line($0) })])[0].get()
      return rows.map { row in
        if case .floats(let numbers)? = row["output"] { numbers } else { [] }
      }
    }
  }

  // MARK: Open Inference Protocol

  @Test func inference() throws {
    let harness = try Harness([Harness.layers()])
    let expected = try alone([[0.5, -1, 2], [0.25, 0, 1]])
    let body =
      #"{"id":"42","inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[0.5,-1,2],[0.25,0,1]]}],"outputs":[{"name":"output"}]}"#
    let answer = harness.fetch(post("/v2/models/layers/infer", body))
    let numbers = expected.flatMap { $0 }.map { "\($0)" }.joined(separator: ",")
    #expect(
      text(answer)
        == #"{"model_name":"layers","model_version":"1","id":"42","outputs":[{"name":"output","shape":[2,5],"datatype":"FP32","data":[\#(numbers)]}]}"#
    )
    #expect(harness.core.hosts["layers"]?.openSessions == 0)
  }

  /// Raw numbers behind the JSON, in and out, as `tritonclient` sends them where nothing else is said.
  @Test func binaryTensors() throws {
    let harness = try Harness([Harness.layers()])
    let expected = try alone([[0.5, -1, 2]])[0].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
    }
    let head = Array(
      #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}],"parameters":{"binary_data_output":true}}"#
        .utf8)
    let tail: [UInt8] = [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0, 0x40]
    func ask(_ body: [UInt8], _ length: Int) -> HTTPAnswer {
      harness.fetch(
        HTTPQuestion(
          "POST", "/v2/models/layers/infer", fields: ["inference-header-content-length": "\(length)"],
          body: body))
    }
    let answer = ask(head + tail, head.count)
    let length = try #require(
      answer.fields.first { $0.0 == "inference-header-content-length" }.flatMap { Int($0.1) })
    #expect(Array(answer.body[length...]) == expected)
    // cut anywhere, or with lengths that lie, it is refused
    for cut in 0..<(head + tail).count {
      #expect(ask(Array((head + tail).prefix(cut)), head.count).status == 400)
    }
    for lie in [-1, 0, 1, head.count - 1, head.count + 1, 1 << 60] {
      #expect(ask(head + tail, lie).status == 400)
    }
    #expect(ask(head + tail + [0], head.count).status == 400)
    // a number that is none is refused
    #expect(ask(head + tail.prefix(8) + [0, 0, 0xC0, 0x7F], head.count).status == 400)
  }

  @Test func sequences() throws {
    let harness = try Harness([Harness.layers()])
    let expected = try alone([[0.5, -1, 2], [0.25, 0, 1], [1, 1, 1]])
    func ask(_ numbers: String, _ parameters: String) -> HTTPAnswer {
      harness.fetch(
        post(
          "/v2/models/layers/versions/1/infer",
          #"{"parameters":{\#(parameters)},"inputs":[{"name":"x","shape":[3],"datatype":"FP32","data":[\#(numbers)]}]}"#
        ))
    }
    func ends(_ answer: HTTPAnswer, _ numbers: [Float]) -> Bool {
      text(answer).hasSuffix("[" + numbers.map { "\($0)" }.joined(separator: ",") + "]}]}")
    }
    #expect(ask("0.5,-1,2", #""sequence_id":7"#).status == 404)
    #expect(ends(ask("0.5,-1,2", #""sequence_id":7,"sequence_start":true"#), expected[0]))
    #expect(ends(ask("0.5,-1,2", #""sequence_id":"other","sequence_start":true"#), expected[0]))
    #expect(ends(ask("0.25,0,1", #""sequence_id":7"#), expected[1]))
    #expect(ends(ask("1,1,1", #""sequence_id":7,"sequence_end":true"#), expected[2]))
    #expect(ask("1,1,1", #""sequence_id":7"#).status == 404)
    #expect(text(ask("1", #""sequence_id":7"#)).hasPrefix(#"{"error":""#))
    #expect(harness.core.hosts["layers"]?.openSessions == 1)
    // numbers that were rounded on their way could be those of another one
    for wrong in ["-1", "0.5", "9007199254740993", "1e300"] {
      #expect(ask("0.5,-1,2", "\"sequence_id\":\(wrong),\"sequence_start\":true").status == 400, "\(wrong)")
    }
  }

  @Test func metadata() throws {
    let harness = try Harness([Harness.layers(), Harness.text.host])
    func get(_ path: String) -> String { text(harness.fetch(HTTPQuestion("GET", path))) }
    #expect(get("/v2/health/ready") == #"{"live":true,"ready":true}"#)
    #expect(
      get("/v2/models/layers")
        == #"{"name":"layers","versions":["1"],"platform":"recurrent_layers","inputs":[{"name":"steps","datatype":"FP32","shape":[-1,3]}],"outputs":[{"name":"output","datatype":"FP32","shape":[-1,5]}]}"#
    )
    // every limit stands in the configuration
    for (name, _) in ServingLimits().named { #expect(get("/v2/models/text/config").contains("\"\(name)\"")) }
    let ending = try Harness([Harness.layers()], isReady: false)
    #expect(ending.fetch(HTTPQuestion("GET", "/v2/health/ready")).status == 503)
    #expect(ending.fetch(HTTPQuestion("GET", "/v2/health/live")).status == 200)
    #expect(ending.fetch(HTTPQuestion("GET", "/health")).status == 503)
    #expect(ending.fetch(post("/v1/sessions", "{}")).status == 503)
  }

  // MARK: OpenAI

  @Test func completions() throws {
    let harness = try Harness([Harness.text.host])
    let answer = harness.fetch(
      post("/v1/completions", #"{"model":"text","prompt":"abc","max_tokens":4,"seed":3}"#))
    let expected = harness.ask(
      .complete(CompletionRequest(model: "text", prompts: [.text("abc")], length: 4, seed: 3))
    ).texts[0, default: ""].replacing("\n", with: "\\n")
    #expect(
      text(answer)
        == #"{"id":"cmpl-5","object":"text_completion","created":7,"model":"text","system_fingerprint":"rnn-hash-of-text","choices":[{"text":"\#(expected)","index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#
    )
    let schema = try CompletionSchema(
      RequestBody(Array(#"{"model":"text","stream":true,"echo":true,"prompt":["a","b"],"n":2}"#.utf8)),
      models: harness.routes.models, limits: ServingLimits(), seed: 1, id: "i", created: 2)
    let piece = CompletionPiece(index: 3, text: "x\"", chances: [], end: nil, usage: nil)
    #expect(
      String(decoding: schema.event(piece, isFirst: true), as: UTF8.self)
        == #"data: {"id":"i","object":"text_completion","created":2,"model":"text","system_fingerprint":"rnn-hash-of-text","choices":[{"text":"bx\"","index":3,"logprobs":null,"finish_reason":null}]}"#
        + "\n\n"
    )
  }

  @Test(arguments: [
    #"{"model":"none"}"#, #"{}"#, #"[]"#, #"{"model":"text","max_tokens":-1}"#,
    #"{"model":"text","max_tokens":1.5}"#,
    #"{"model":"text","temperature":-1}"#, #"{"model":"text","top_p":0}"#, #"{"model":"text","n":1000}"#,
    #"{"model":"text","stop":[1]}"#, #"{"model":"text","prompt":{}}"#, #"{"model":"text","prompt":[]}"#,
    #"{"model":"text","prompt":[99]}"#, #"{"model":"text","suffix":"x"}"#, #"{"model":"text","best_of":3}"#,
    #"{"model":"text","logit_bias":{"x":1}}"#, #"{"model":"text","stream":"yes"}"#, #"{"model":"layers"}"#,
    "{",
  ])
  func refusedCompletions(_ body: String) throws {
    let harness = try Harness([Harness.text.host, Harness.layers()])
    let question = post("/v1/completions", body)
    let answer: HTTPAnswer
    if case .write(let schema) = harness.routes.route(question) {
      answer = HTTPAnswer(try #require(harness.ask(.complete(schema.request)).error))
    } else {
      answer = harness.fetch(question)
    }
    #expect([400, 404].contains(answer.status))
    #expect(text(answer).hasPrefix(#"{"error":{"message":""#))
  }

  // MARK: Ours

  @Test func sessions() throws {
    let harness = try Harness([Harness.layers()])
    let opened = harness.fetch(post("/v1/sessions", #"{"id":"a"}"#))
    #expect(opened.status == 201)
    #expect(text(opened) == #"{"id":"a","model":"layers","position":0,"bytes":40,"place":"memory"}"#)
    #expect(harness.fetch(post("/v1/sessions", #"{"id":"a"}"#)).status == 409)
    #expect(harness.fetch(post("/v1/sessions", #"{"id":"../a"}"#)).status == 400)
    let answer = harness.fetch(post("/v1/sessions/a/steps", #"{"steps":[[0.5,-1,2]],"position":0}"#))
    #expect(text(answer).hasPrefix(#"{"position":1,"outputs":[{"output":["#))
    #expect(harness.fetch(post("/v1/sessions/a/steps", #"{"steps":[[1]]}"#)).status == 400)
    #expect(harness.fetch(post("/v1/sessions/b/steps", #"{"steps":[]}"#)).status == 404)
    #expect(harness.fetch(HTTPQuestion("DELETE", "/v1/sessions/a")).status == 200)
    #expect(harness.fetch(HTTPQuestion("GET", "/v1/sessions/a")).status == 404)
    #expect(harness.fetch(HTTPQuestion("PUT", "/v1/sessions")).status == 405)
    #expect(harness.fetch(HTTPQuestion("GET", "/nothing")).status == 404)
    #expect(harness.fetch(HTTPQuestion("GET", "/v1/%zz")).status == 404)
  }

  @Test func keys() throws {
    let harness = try Harness([Harness.layers()], key: "secret")
    func status(_ path: String, _ fields: HTTPFields) -> Int {
      harness.fetch(HTTPQuestion("GET", path, fields: fields)).status
    }
    #expect(status("/v1/models", [:]) == 401)
    for wrong in ["Bearer", "Bearer secre", "Bearer secrets", "Bearer Secret", "secret"] {
      #expect(status("/metrics", ["authorization": wrong]) == 401)
    }
    #expect(status("/v1/models", ["authorization": "Bearer secret"]) == 200)
    for open in ["/health", "/v2/health/live", "/v2/health/ready"] { #expect(status(open, [:]) == 200) }
    // the page knows nothing until it has the key
    for open in ["/", "/page.css", "/page.js", "/recorder.js"] { #expect(status(open, [:]) == 200) }
    for (origin, expected) in [("http://a:1", 200), ("http://b", 403)] {
      let fields: HTTPFields = ["Authorization": "Bearer secret", "HOST": "a:1", "origin": origin]
      #expect(status("/v1/models", fields) == expected)
    }
  }

  @Test func fieldsOfAnyCase() {
    let fields = HTTPFields([
      (name: "Content-Type", value: "a"), (name: "content-type", value: "b"), (name: "X[", value: "c"),
    ])
    #expect(fields["content-type"] == "b")
    // only letters have a case
    #expect(fields["x["] == "c" && fields["x{"] == nil && fields["content"] == nil)
  }

  /// A place says which methods it takes; what can be got can be asked about; figures have few names.
  @Test func methods() throws {
    let harness = try Harness([Harness.layers()])
    let answer = harness.fetch(HTTPQuestion("PATCH", "/v1/sessions"))
    #expect(answer.status == 405 && answer.fields.contains { $0 == ("allow", "GET, POST, HEAD") })
    _ = harness.ask(.open(model: "layers", id: "a", idleSeconds: nil))
    #expect(harness.fetch(HTTPQuestion("HEAD", "/v1/sessions/a")).status == 200)
    #expect(harness.ask(.describe(id: "a")).session != nil)
    #expect(ServingRoutes.name(of: "/v1/sessions/a/steps") == "/v1/sessions")
    #expect(ServingRoutes.name(of: "/") == "/" && ServingRoutes.name(of: "/v3/x") == "other")
  }

  @Test func messages() throws {
    func lines(_ message: StreamSchema.Message) -> [JSONValue]? {
      if case .lines(let lines) = message { lines.values } else { nil }
    }
    #expect(try lines(StreamSchema.read(Array(#"{"step":[1,2]}"#.utf8))) == [Harness.line([1, 2])])
    #expect(try lines(StreamSchema.read(Array(#"{"steps":[1,"a"]}"#.utf8))) == [.number(1), .text("a")])
    let bytes: [UInt8] = [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0, 0x40, 0, 0, 0, 0]
    #expect(
      try lines(StreamSchema.read(binary: bytes, size: 2)) == [
        Harness.line([0.5, -1]), Harness.line([2, 0]),
      ])
    for size in [0, 3, 5] {
      #expect(throws: ServingError.self) { try StreamSchema.read(binary: bytes, size: size) }
    }
    for cut in [1, 2, 3, 5] {
      #expect(throws: ServingError.self) {
        try StreamSchema.read(binary: Array(bytes.prefix(cut)), size: nil)
      }
    }
    for wrong in ["", "{}", "[]", "1", #"{"step"}"#] {
      #expect(throws: ServingError.self) { try StreamSchema.read(Array(wrong.utf8)) }
    }
    let rows = StoredRows.rows([[Field("label", .text("x")), Field("p", .numbers([0.5, -1]))]])
    #expect(StreamSchema.binary(rows) == Array(bytes.prefix(8)))
    #expect(
      String(decoding: StreamSchema.answer(rows, position: 3).bytes, as: UTF8.self)
        == #"{"position":3,"answer":{"label":"x","p":[0.5,-1]}}"#)
    // numbers of 32 bits are written in the shortest form that reads back to the same ones
    let layers = StoredRows.rows([[Field("output", .floats([0.5, -1, 0.1]))]])
    #expect(StreamSchema.binary(layers).prefix(8) == bytes.prefix(8))
    #expect(StreamSchema.binary(layers).count == 12)
    #expect(
      String(decoding: StreamSchema.answer(layers, position: 3).bytes, as: UTF8.self)
        == #"{"position":3,"answer":{"output":[0.5,-1,0.1]}}"#)
  }

  /// Whole sequences need no session; a table of CSV is one too.
  @Test func descriptions() throws {
    let harness = try Harness([Harness.text.host])
    let value = try JSONValue(text: harness.fetch(HTTPQuestion("GET", "/openapi.json")).body)
    guard case .object(let members) = value, case .object(let paths)? = members["paths"] else {
      Issue.record("no paths")
      return
    }
    #expect(paths["/v1/completions"] != nil && paths["/v2/models/{model}/infer"] != nil)
    #expect(harness.fetch(HTTPQuestion("GET", "/")).type.hasPrefix("text/html"))
    #expect(harness.fetch(HTTPQuestion("GET", "/page.js")).body.count > 1000)
    #expect(harness.fetch(HTTPQuestion("POST", "/v1/predict/none", body: Array("{}".utf8))).status == 404)
  }
}
