import Foundation
import RecurrentTestSupport
import Testing

/// Recommendation on the command line, from a training to streams of many sessions.
@Suite(.serialized) struct RecommendationTests {
  private let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try SmallTraining.recommendation.write(to: run)
    try run.write(
      "items.csv", "item,title\n" + (0..<8).map { "i\($0),\"Item \($0), new\"\n" }.joined())
  }

  private func done(_ words: String) throws -> String {
    let result = try run(words.split(separator: " ").map(String.init))
    try #require(result.code == 0, "\(words): \(result.errors)")
    return result.output
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func fromDataToStreams() throws {
    let training = SmallTraining.recommendation.command(epochs: 3).joined(separator: " ")
    _ = try done(training + " --items items.csv")
    let json = try objects(done("evaluate x.bundle visits.csv --json --report page.html"))[0]
    #expect((json["recallAt20"] as? [String: Double])?["value"] == 1 && json["protocol"] is String)
    try checkedMarkup(run.text("page.html"))
    let sampled = try run(["evaluate", "x.bundle", "visits.csv", "--candidates", "sampled:3"])
    #expect(sampled.code == 0 && (sampled.output + sampled.errors).contains("drawn at random"))
    try run.write("new.csv", "session,item\na,i1\na,i2\nb,i5\n")
    let rows = try objects(done("predict x.bundle new.csv --top 3 --format jsonl"))
    #expect(rows.count == 6 && rows[0]["input"] as? String == "a" && rows[5]["rank"] as? Int == 3)
    #expect((rows[0]["name"] as? String)?.hasPrefix("Item ") ?? false)
    // two sessions in one stream get what each gets alone, also where it was stopped between
    let events = ["a i1", "b i5", "a i2", "b nobody", "b i4", "a i3"].map { event in
      let parts = event.split(separator: " ")
      return "{\"session\":\"\(parts[0])\",\"item\":\"\(parts[1])\"}\n"
    }
    func stream(_ lines: ArraySlice<String>, _ flags: String = "") throws -> [[String: Any]] {
      try run.write("in.jsonl", lines.joined())
      let result = try run.shell("\"$R\" predict x.bundle --stream --top 3 \(flags) < in.jsonl")
      #expect(result.code == 0, "\(result.errors)")
      return try objects(result.output)
    }
    let whole = try stream(events[...])
    #expect(whole.count == 6 && whole[3]["known"] as? Bool == false)
    #expect(whole[2]["next"] as? [String] == rows[..<3].compactMap { $0["item"] as? String })
    #expect(whole[1]["next"] as? [String] == rows[3...].compactMap { $0["item"] as? String })
    #expect(
      (whole[0]["names"] as? [String])?.count == 3 && (whole[0]["probabilities"] as? [Double])?.count == 3)
    let parts =
      try stream(events[..<3], "--save-state s.state") + stream(events[3...], "--load-state s.state")
    #expect(NSArray(array: parts) == NSArray(array: whole))
    let alone = try stream([events[0], events[2], events[5]])
    #expect(alone[2]["next"] as? [String] == whole[5]["next"] as? [String])
    let bad = try run.shell("echo '{\"session\":\"a\"}' | \"$R\" predict x.bundle --stream")
    #expect(bad.code != 0 && bad.errors.contains("line 1") && bad.errors.contains("\"item\""))
  }

  @Test func usersWithoutSessions() throws {
    let rows = (0..<40).map { user in
      (0..<6).map { "\(user)\t\((user + $0) % 9)\t3\t\(100 * user + $0)\n" }.joined()
    }
    try run.write("u.data", rows.joined())
    let result = try run(
      "train recommendation u.data -o users.bundle --epochs 2 --hidden 6 --threads 1 --json".split(
        separator: " "
      )
      .map(String.init))
    #expect(result.code == 0, "\(result.errors)")
    let evaluation = try objects(done("evaluate users.bundle u.data --json"))[0]
    #expect(evaluation["events"] as? Int == 40)
    #expect((evaluation["protocol"] as? String)?.contains("left out in training") ?? false)
    for (words, reason) in [
      ("train recommendation u.data -o y.bundle --protocol leave-one-out --test-days 1", "leave-one-out"),
      ("train recommendation u.data -o y.bundle --session user", "there is no column \"user\""),
      ("evaluate users.bundle u.data --candidates sampled:9", "--candidates must be fewer than the 9 items"),
      ("evaluate users.bundle u.data --candidates some", "sampled:100"),
    ] {
      let refused = try run(words.split(separator: " ").map(String.init))
      #expect(
        [1, 2, 64].contains(refused.code) && refused.errors.contains(reason), "\(words): \(refused.errors)")
    }
  }
}
