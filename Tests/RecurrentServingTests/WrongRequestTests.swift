import Recurrent
import Testing

@testable import RecurrentServing

/// What a stranger gets wrong: one clear error each, with what was expected and found, and the status that goes with it.
@Suite struct WrongRequestTests {
  struct Wrong: Sendable, CustomTestStringConvertible {
    let path: String
    let body: String
    let status: Int
    let words: String
    var method = "POST"

    init(_ path: String, _ body: String, _ status: Int, _ words: String, method: String = "POST") {
      (self.path, self.body, self.status, self.words, self.method) = (path, body, status, words, method)
    }

    var testDescription: String { "\(method) \(path) \(body)" }
  }

  private static func input(_ type: String, _ shape: String, _ data: String) -> String {
    #"{"inputs":[{"name":"x","datatype":"\#(type)","shape":\#(shape),"data":\#(data)}]}"#
  }

  private static let wrong: [Wrong] = {
    let (write, infer) = ("/v1/completions", "/v2/models/layers/infer")
    let steps = "/v1/sessions/a/steps"
    return [
      Wrong(write, "[1]", 400, "expected an object, found a list"),
      Wrong(write, #"{"model":1}"#, 400, #""model" is 1, expected a text"#),
      Wrong(
        write, #"{"model":"text","max_tokens":-1}"#, 400, "is -1, expected a whole number from 0 to 65536"),
      Wrong(write, #"{"model":"text","max_tokens":"5"}"#, 400, #"is the text "5", expected"#),
      Wrong(write, #"{"model":"text","top_p":0}"#, 400, "is 0, expected a number above 0, at most 1"),
      Wrong(write, #"{"model":"text","temperature":-1}"#, 400, "is -1, expected a number from 0 to 100"),
      Wrong(write, #"{"model":"text","prompt":{"a":1}}"#, 400, "is an object, expected a text"),
      Wrong(write, #"{"model":"text","prompt":[1.5]}"#, 400, "has 1.5, expected"),
      Wrong(write, #"{"model":"text","prompt":[3,99]}"#, 400, "has the token 99, the model knows 0 to"),
      Wrong(write, #"{"model":"text","stop":[5]}"#, 400, "has 5, expected a text"),
      Wrong(write, #"{"model":"text","logit_bias":{"99":1}}"#, 400, "has the token 99, the model knows 0 to"),
      Wrong(write, #"{"model":"text","logit_bias":{"1":1e9}}"#, 400, #"has 1000000000 for "1", expected"#),
      Wrong(write, #"{"model":"text","model":"a"}"#, 400, #"the key "model" occurs a second time"#),
      Wrong(write, "", 405, "takes POST, not GET", method: "GET"),
      Wrong(infer, "{}", 400, "has 0 inputs, expected one"),
      Wrong(infer, #"{"inputs":[5]}"#, 400, #""inputs" holds 5, expected objects"#),
      Wrong(infer, #"{"inputs":[{}]}"#, 400, #"an input has no "name""#),
      Wrong(infer, #"{"inputs":[{"name":"x"}]}"#, 400, #"input "x" has no "datatype""#),
      Wrong(infer, #"{"inputs":[{"name":"x","datatype":"FP32","data":[1]}]}"#, 400, "it has no shape"),
      Wrong(infer, input("FP32", "[-1]", "[1]"), 400, "its shape holds -1, expected whole numbers"),
      Wrong(infer, input("FP32", "[1,3]", "[1]"), 400, "its shape is [1, 3], it has 1 elements"),
      Wrong(infer, input("FP32", "[1,2]", "[1,2]"), 400, "step 1: expected a list of 3 numbers, found 2"),
      Wrong(infer, input("INT32", "[1,3]", "[1,0.5,2]"), 400, "its data hold 0.5, expected INT32"),
      Wrong(infer, input("UINT8", "[1,3]", "[1,-5,2]"), 400, "its data hold -5, expected UINT8"),
      Wrong(infer, input("BOOL", "[1,3]", "[1,0,2]"), 400, "its data hold 2, expected BOOL"),
      Wrong(infer, input("FP32", "[1,3]", #"[1,"a",2]"#), 400, #"its data hold the text "a", expected FP32"#),
      Wrong(steps, #"{"steps":5}"#, 400, #""steps" is 5, expected a list"#),
      Wrong(steps, #"{"steps":[[1,2]]}"#, 400, "step 1: expected a list of 3 numbers, found 2 values"),
      Wrong(steps, #"{"steps":[[1,2,3],"a"]}"#, 400, "step 2: expected a list of 3 numbers"),
      Wrong(
        steps, #"{"steps":[[1,2,3]],"position":9}"#, 409, "has read 0 lines, the request begins behind 9"),
      Wrong("/v1/sessions/b/steps", #"{"steps":[[1,2,3]]}"#, 404, #"there is no session "b""#),
      Wrong("/v1/predict/text", #"{"record":5}"#, 400, "record 1"),
      Wrong("/v1/stream", "", 426, "expected a request with Upgrade: websocket", method: "GET"),
      Wrong("/v1/listen", "", 426, "expected a request with Upgrade: websocket", method: "GET"),
      Wrong("/v1/nothing", "", 404, "there is nothing at /v1/nothing", method: "GET"),
    ]
  }()

  @Test(arguments: wrong)
  func isSaid(_ own: Wrong) throws {
    let harness = try Harness([Harness.text.host, Harness.layers()])
    _ = harness.ask(.open(model: "layers", id: "a", idleSeconds: nil))
    // what a completion is refused for when it begins has no pieces
    let question = HTTPQuestion(own.method, own.path, body: Array(own.body.utf8))
    let answer: HTTPAnswer
    if case .write(let schema) = harness.routes.route(question) {
      answer = HTTPAnswer(try #require(harness.ask(.complete(schema.request)).error))
    } else {
      answer = harness.fetch(question)
    }
    let text = String(decoding: answer.body, as: UTF8.self).replacing("\\\"", with: "\"")
    #expect(answer.status == own.status)
    #expect(text.contains(own.words) && text.hasPrefix("{\"error\":"), "\(text)")
    #expect(harness.core.hosts["text"]?.openSessions == 0)
  }

  /// A record that cannot be read says so beside those that can.
  @Test func oneOfSeveral() throws {
    let harness = try Harness([Harness.text.host])
    let body = Array(#"{"records":["abc",5]}"#.utf8)
    let answer = harness.fetch(HTTPQuestion("POST", "/v1/predict/text", body: body))
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(answer.status == 200 && text.contains("\"rows\"") && text.contains("\"error\""), "\(text)")
  }
}
