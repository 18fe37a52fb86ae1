import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Conversations as OpenAI has them.
@Suite struct ChatTests {
  private static let template = ChatTemplate(
    system: "{content}\n", user: "a {content}\n", assistant: "b {content}\n")

  private func harness() throws -> Harness {
    try Harness([Harness.LazyText(chat: ChatTests.template).host, Harness.layers()])
  }

  private func post(_ body: String) -> HTTPQuestion {
    HTTPQuestion("POST", "/v1/chat/completions", body: Array(body.utf8))
  }

  private func text(_ answer: HTTPAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  /// The answer is what a completion writes behind the same text, cut where the line of an answer ends; the state behind that text is
  /// there already.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func goesOnAsACompletionDoes(_ seed: UInt64) throws {
    let harness = try harness()
    let written = harness.ask(
      .complete(
        CompletionRequest(
          model: "text", prompts: [.text("gh\na abc\nb d\na ef\nb ")], length: 12, stop: ["\n"], seed: seed)))
    let answer = harness.fetch(
      post(
        #"{"model":"text","seed":\#(seed),"max_completion_tokens":12,"messages":[{"role":"developer","content":"gh"},{"role":"user","content":[{"type":"text","text":"ab"},{"type":"text","text":"c"}]},{"role":"assistant","content":"d"},{"role":"user","content":"ef"}]}"#
      ))
    let pieces = written.compactMap { answer -> CompletionPiece? in
      if case .piece(let piece) = answer { piece } else { nil }
    }
    let end = try #require(pieces.last?.end), usage = try #require(pieces.last?.usage)
    #expect(
      text(answer)
        == #"{"id":"chatcmpl-5","object":"chat.completion","created":7,"model":"text","system_fingerprint":"rnn-hash-of-text","choices":[{"index":0,"message":{"role":"assistant","content":"\#(written.texts[0, default: ""])","refusal":null},"logprobs":null,"finish_reason":"\#(end.rawValue)"}],"usage":{"prompt_tokens":\#(usage.prompt),"completion_tokens":\#(usage.completion),"total_tokens":\#(usage.prompt + usage.completion),"prompt_tokens_details":{"cached_tokens":\#(usage.prompt)}}}"#
    )
  }

  @Test func pieces() throws {
    let harness = try harness()
    let body =
      #"{"model":"text","stream":true,"logprobs":true,"top_logprobs":1,"messages":[{"role":"user","content":"a"}]}"#
    let schema = try CompletionSchema(
      RequestBody(Array(body.utf8)), as: .chat, models: harness.routes.models, limits: ServingLimits(),
      seed: 1, id: "i",
      created: 2)
    #expect(schema.request.length == ServingLimits().tokens && schema.request.stop == ["\n"])
    let chance = TokenChance(token: "é", logProbability: -0.5, likeliest: [("x", -0.25)])
    let head =
      #"data: {"id":"i","object":"chat.completion.chunk","created":2,"model":"text","system_fingerprint":"rnn-hash-of-text","choices":[{"index":0,"delta":{"#
    func event(_ piece: CompletionPiece, isFirst: Bool) -> String {
      String(decoding: schema.event(piece, isFirst: isFirst), as: UTF8.self)
    }
    #expect(
      event(CompletionPiece(index: 0, text: "é", chances: [chance], end: nil, usage: nil), isFirst: true)
        == head
        + #""role":"assistant","content":"é"},"logprobs":{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":[{"token":"x","logprob":-0.25,"bytes":[120]}]}]},"finish_reason":null}]}"#
        + "\n\n")
    #expect(
      event(CompletionPiece(index: 0, text: "", chances: [], end: .stop, usage: nil), isFirst: false)
        == head + #""content":""},"logprobs":{"content":[]},"finish_reason":"stop"}]}"# + "\n\n")
  }

  @Test(arguments: [
    (#"{"model":"text"}"#, 400, "\"messages\" has nothing"),
    (#"{"model":"text","messages":[]}"#, 400, "\"messages\" has nothing"),
    (#"{"model":"text","messages":["a"]}"#, 400, #"the text "a" at place 0"#),
    (#"{"model":"text","messages":[{"role":"tool","content":"a"}]}"#, 400, "no such role at place 0"),
    (#"{"model":"text","messages":[{"role":"user"}]}"#, 400, "no content at place 0"),
    (
      #"{"model":"text","messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, 400,
      "a part that is no text"
    ),
    (#"{"model":"text","top_logprobs":2,"messages":[{"role":"user","content":"a"}]}"#, 400, "beside it"),
    (#"{"model":"text","tools":[{}],"messages":[{"role":"user","content":"a"}]}"#, 400, "no model calls any"),
    (
      #"{"model":"text","response_format":{"type":"json_object"},"messages":[]}"#, 400,
      "is json_object, expected text"
    ),
    (#"{"model":"layers","messages":[{"role":"user","content":"a"}]}"#, 400, "writes no texts"),
  ])
  func refused(_ body: String, _ status: Int, _ words: String) throws {
    let answer = try harness().fetch(post(body))
    #expect(
      answer.status == status && text(answer).contains(words.replacing("\"", with: "\\\"")), "\(text(answer))"
    )
  }

  @Test func modelsWithoutATemplateAreNamed() throws {
    let answer = try Harness([Harness.text.host]).fetch(
      post(#"{"model":"text","messages":[{"role":"user","content":"a"}]}"#))
    #expect(answer.status == 404 && text(answer).contains("has no template of conversations"))
  }
}
