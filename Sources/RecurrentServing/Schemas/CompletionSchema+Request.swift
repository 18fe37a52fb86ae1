import RecurrentTasks

extension CompletionSchema {
  /// The member `seed`; nil where it is not there.
  static func seed(_ body: RequestBody) throws(ServingError) -> UInt64? {
    guard let seed = try body.integer("seed", in: -1 << 53...1 << 53) else { return nil }
    return UInt64(bitPattern: Int64(seed))
  }

  /// The member `prompt`: a text, token numbers, or a list of those; an empty text where it is not there.
  static func prompts(_ body: RequestBody) throws(ServingError) -> [CompletionPrompt] {
    func wrong(_ part: JSONValue? = nil) -> ServingError {
      let expected = "a text, token numbers, or a list of those"
      guard let part else { return body.wrong("prompt", expected) }
      return ServingError(
        .malformed, "\"prompt\" has \(part.found), expected \(expected)", parameter: "prompt")
    }
    func tokens(_ values: [JSONValue]) throws(ServingError) -> [Int32] {
      var ids: [Int32] = []
      for value in values {
        guard case .number(let number) = value, let id = Int32(exactly: number) else { throw wrong(value) }
        ids.append(id)
      }
      return ids
    }
    switch body.value("prompt") {
    case nil: return [.text("")]
    case .text(let text)?: return [.text(text)]
    case .list(let values)?:
      if case .number? = values.first { return [.tokens(try tokens(values))] }
      guard (1...128).contains(values.count) else {
        throw ServingError(
          .malformed, "\"prompt\" has \(values.count) texts, expected 1 to 128", parameter: "prompt")
      }
      var prompts: [CompletionPrompt] = []
      for value in values {
        switch value {
        case .text(let text): prompts.append(.text(text))
        case .list(let own): prompts.append(.tokens(try tokens(own)))
        default: throw wrong(value)
        }
      }
      return prompts
    default: throw wrong()
    }
  }

  /// The member `stop`: a text or up to 16 of them.
  static func stop(_ body: RequestBody) throws(ServingError) -> [String] {
    let expected = "a text or up to 16 of them"
    switch body.value("stop") {
    case nil: return []
    case .text(let text)?: return [text]
    case .list(let values)? where values.count <= 16:
      var texts: [String] = []
      for value in values {
        guard case .text(let text) = value else {
          throw ServingError(
            .malformed, "\"stop\" has \(value.found), expected \(expected)", parameter: "stop")
        }
        texts.append(text)
      }
      return texts
    case .list(let values)?:
      throw ServingError(
        .malformed, "\"stop\" has \(values.count) texts, expected \(expected)", parameter: "stop")
    default: throw body.wrong("stop", expected)
    }
  }

  /// The member `logit_bias`: what is added to the logits of tokens, by their numbers.
  static func bias(_ body: RequestBody) throws(ServingError) -> [Int32: Double] {
    var bias: [Int32: Double] = [:]
    for (key, value) in try body.object("logit_bias").members {
      guard let id = Int32(key), id >= 0, case .number(let number) = value, abs(number) <= 100 else {
        throw ServingError(
          .malformed,
          "\"logit_bias\" has \(value.found) for \"\(key)\", expected numbers from -100 to 100 for numbers of tokens",
          parameter: "logit_bias")
      }
      bias[id] = number
    }
    return bias
  }
}
