import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ChatTemplateTests {
  private func settings(user: String? = nil, assistant: String? = nil, system: String? = nil) -> Settings {
    var own = Settings()
    (own[.chatUser], own[.chatAssistant], own[.chatSystem], own[.hidden]) = (user, assistant, system, 4)
    return own
  }

  @Test func messagesAreOneText() {
    let template = ChatTemplate(user: "User: {content}\n", assistant: "Bot: {content} .\n")
    #expect(
      template.prompt(of: [
        .init(.system, "Be kind."), .init(.user, "Hi {content}"), .init(.assistant, "Hello"),
        .init(.user, ""),
      ])
        == "Be kind.\nUser: Hi {content}\nBot: Hello .\nUser: \nBot: ")
    #expect(template.prompt(of: []) == "Bot: " && template.stop == " .\n")
  }

  @Test func settingsMakeIt() throws {
    #expect(try ChatTemplate(settings()) == nil)
    let own = settings(user: #"Q:\t{content}\n"#, assistant: "A: {content}\n")
    #expect(try ChatTemplate(own) == ChatTemplate(user: "Q:\t{content}\n", assistant: "A: {content}\n"))
    #expect(LanguageModelTask.anyIssue(of: own) == nil)
  }

  @Test(
    arguments: [
      ("Q: {content}", nil, nil, "chat-user is set, expected chat-user and chat-assistant both"),
      (nil, nil, "{content}", "chat-system is set, expected chat-user and chat-assistant both"),
      ("Q:", "A: {content}\n", nil, "chat-user has {content} 0 times, expected once"),
      ("{content}{content}", "A: {content}\n", nil, "chat-user has {content} 2 times, expected once"),
      ("Q: {content}", "A: {content}", nil, "chat-assistant has nothing behind {content}"),
    ] as [(String?, String?, String?, String)])
  func impossibleOnesAreNamed(_ user: String?, _ assistant: String?, _ system: String?, _ sentence: String)
    throws
  {
    let issue = try #require(
      LanguageModelTask.anyIssue(of: settings(user: user, assistant: assistant, system: system)))
    #expect(issue.hasPrefix(sentence), "\(issue)")
  }

  @Test func bundlesKeepIt() throws {
    let folder = try ScratchFolder()
    let text = try folder.file("talk.txt", Array(String(repeating: "Q: how\nA: so\n", count: 200).utf8))
    func plan(user: String) throws -> TrainingPlan<LanguageModelTask> {
      let request = TaskRequest(
        [DataSource(text)], settings: settings(user: user, assistant: "A: {content}\n"))
      return try LanguageModelTask.plan(request) { _, _ in }
    }
    let own = try plan(user: "Q: {content}\n")
    #expect(!own.notes.contains { $0.setting == "chat-user" })
    let trained = TrainedTask(own.task, own.task.makeModel(key: RandomKey(seed: 1)))
    try trained.write(to: folder.path + "/talk.bundle")
    let read = try TrainedTask<LanguageModelTask>(bundle: folder.path + "/talk.bundle")
    #expect(read.task.chat == ChatTemplate(user: "Q: {content}\n", assistant: "A: {content}\n"))
    #expect(
      try plan(user: "USER {content}\n").notes.contains { $0.setting == "chat-user" && $0.kind == .warning })
  }
}
