/// How the messages of a conversation become one text that a language model goes on with: a line for each, as in what it was
/// trained on.
///
///     User: {content}\n
///     Assistant: {content}\n
///
/// An answer is what the model writes behind the beginning of the assistant's line, until what ends that line.
public struct ChatTemplate: Sendable, Equatable, Codable {
  /// Who says something.
  public enum Role: String, Sendable, CaseIterable {
    /// Whoever sets the scene.
    case system
    /// Whoever asks.
    case user
    /// The model.
    case assistant
  }

  /// Something that is said.
  public struct Message: Sendable, Equatable {
    /// Who says it.
    public var role: Role
    /// What is said.
    public var content: String

    /// A message.
    public init(_ role: Role, _ content: String) { (self.role, self.content) = (role, content) }
  }

  /// What stands for a message in a line.
  public static let mark = "{content}"

  /// The line of a message by the system, by the user and by the assistant, each with ``mark`` once.
  public var system, user, assistant: String

  /// A template.
  public init(system: String = "{content}\n", user: String, assistant: String) {
    (self.system, self.user, self.assistant) = (system, user, assistant)
  }

  /// The line of a role.
  private func line(_ role: Role) -> String {
    switch role {
    case .system: system
    case .user: user
    case .assistant: assistant
    }
  }

  /// The conversation so far, and the beginning of the assistant's next line.
  public func prompt(of messages: [Message]) -> String {
    messages.map { message in
      let parts = line(message.role).split(around: ChatTemplate.mark)
      return parts.before + message.content + parts.behind
    }.joined() + assistant.split(around: ChatTemplate.mark).before
  }

  /// What ends an answer.
  public var stop: String { assistant.split(around: ChatTemplate.mark).behind }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    for (name, line) in [("system", system), ("user", user), ("assistant", assistant)] {
      let count = line.ranges(of: ChatTemplate.mark).count
      try ValueIssue.check(count == 1, "chat-\(name) has \(ChatTemplate.mark) \(count) times, expected once")
    }
    try ValueIssue.check(
      !stop.isEmpty,
      "chat-assistant has nothing behind \(ChatTemplate.mark), expected what ends an answer, such as \\n")
  }
}

extension String {
  /// What stands before and behind the first occurrence of a text.
  fileprivate func split(around mark: String) -> (before: String, behind: String) {
    guard let range = firstRange(of: mark) else { return (self, "") }
    return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
  }
}
