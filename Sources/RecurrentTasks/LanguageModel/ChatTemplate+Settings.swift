extension Setting where Value == String {
  /// The line of a user's message in a conversation.
  public static var chatUser: Setting {
    Setting(
      "chat-user", .text, "line",
      help:
        "For conversations at a server: how the text shows what a user says, such as \"User: {content}\\n\"; with --chat-assistant."
    )
  }
  /// The line of an answer in a conversation.
  public static var chatAssistant: Setting {
    Setting(
      "chat-assistant", .text, "line",
      help:
        "How the text shows an answer, such as \"Assistant: {content}\\n\"; what stands behind it ends an answer."
    )
  }
  /// The line of what sets the scene of a conversation.
  public static var chatSystem: Setting {
    Setting(
      "chat-system", .text, "line",
      help: "How the text shows what sets the scene (default: the message and a line feed).")
  }
}

extension ChatTemplate {
  /// The template that settings ask for; nil for none. `\n` and `\t` in a line stand for a line feed and a tabulator.
  ///
  /// - Throws: ``ValueIssue`` where a line is missing or impossible.
  init?(_ settings: Settings) throws(ValueIssue) {
    func line(_ setting: Setting<String>) -> String? {
      settings[setting]?.replacing("\\n", with: "\n").replacing("\\t", with: "\t")
    }
    guard let user = line(.chatUser), let assistant = line(.chatAssistant) else {
      let given = ["chat-user", "chat-assistant", "chat-system"].first { settings.values[$0] != nil }
      if let given {
        throw ValueIssue("\(given) is set, expected chat-user and chat-assistant both")
      }
      return nil
    }
    self.init(system: line(.chatSystem) ?? "{content}\n", user: user, assistant: assistant)
    try check()
  }
}
