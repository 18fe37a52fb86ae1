import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Requests that are damaged in any way are answered or refused, never by a crash or as a fault of the server.
@Suite struct DamageTests {
  private static let requests: [(path: String, fields: HTTPFields, body: String)] = [
    (
      "/v1/completions", [:],
      #"{"model":"text","prompt":["ab",[1,2]],"max_tokens":2,"n":2,"stop":["a"],"logit_bias":{"3":-5},"logprobs":1,"seed":7}"#
    ),
    ("/v1/sessions", [:], #"{"model":"layers","id":"some-name","ttl":1.5}"#),
    ("/v1/sessions/a/steps", [:], #"{"steps":[[0.5,-1,2],[1e-3,0,3]],"position":0}"#),
    (
      "/v2/models/layers/infer", [:],
      #"{"id":"9","parameters":{"sequence_id":7,"sequence_start":true},"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2,3],[4,5,6]]}],"outputs":[{"name":"output"}]}"#
    ),
    (
      "/v2/models/layers/infer", ["inference-header-content-length": "110"],
      #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}],"outputs":[]}   "#
        + "abcdefghijkl"
    ),
    (
      "/v1/audio/transcriptions", ["content-type": "multipart/form-data; boundary=xyz"],
      "--xyz\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\ntext\r\n--xyz--\r\n"
    ),
  ]

  @Test(arguments: 0..<6) func withstandsDamage(_ number: Int) throws {
    let own = DamageTests.requests[number]
    var limits = ServingLimits()
    limits.tokens = 10
    let harness = try Harness([Harness.layers(), Harness.text.host], limits: limits)
    _ = harness.ask(.open(model: "layers", id: "a", idleSeconds: nil))
    try checkFormat(Array(own.body.utf8), rounds: 400, isCutNoticed: false) { bytes in
      let answer = harness.fetch(HTTPQuestion("POST", own.path, fields: own.fields, body: bytes))
      #expect((200..<500).contains(answer.status), "\(String(decoding: answer.body, as: UTF8.self))")
    }
    #expect(harness.ask(.describe(id: "a")).session != nil)
  }
}
