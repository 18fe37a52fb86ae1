import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct InteractionLogTests {
  static func source(_ text: String, _ name: String = "log.csv") -> DataSource {
    DataSource(bytes: Array(text.utf8), name: name)
  }

  /// The sessions with their items by name.
  static func sessions(_ log: InteractionLog) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: (0..<log.count).map { session in
        (log.sessions[session], log.events(session).map { log.itemNames[Int(log.items[$0])] })
      })
  }

  private func read(_ text: String, _ name: String = "log.csv") throws -> InteractionLog {
    try InteractionLog([Self.source(text, name)])
  }

  // MARK: Formats

  /// The same events in all forms that name the session a session or tell by their times which is first.
  @Test(arguments: [
    ("session_id,item_id,timestamp\nb,7,30\na,5,10\nb,5,40\na,7,20\n", "x.csv"),
    ("SessionId\tItemId\tTime\nb\t7\t30\na\t5\t10\nb\t5\t40\na\t7\t20\n", "x.tsv"),
    (
      "sessionId;userId;itemId;timeframe;eventdate\nb;NA;7;30;2016-05-02\na;NA;5;10;2016-05-01\nb;NA;5;40;2016-05-02\na;NA;7;20;2016-05-01\n",
      "x.csv"
    ),
    (
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\nb\t7\t1\t30\na\t5\t2\t10\nb\t5\t3\t40\na\t7\t4\t20\n",
      "x.inter"
    ),
    ("a 5\nb 7\na 7\nb 5\n", "x.txt"),
    ("a::5::3::10\nb::7::4::30\nb::5::4::40\na::7::1::20\n", "ratings.dat"),
    (
      "{\"session\":\"b\",\"item\":7,\"time\":30}\n{\"session\":\"a\",\"item\":5,\"time\":10}\n{\"session\":\"b\",\"item\":5,\"time\":40}\n{\"session\":\"a\",\"item\":\"7\",\"time\":20}\n",
      "x.jsonl"
    ),
    ("{\"session\":\"a\",\"items\":[5,7]}\n{\"session\":\"b\",\"items\":[\"7\",\"5\"]}\n", "x.jsonl"),
    (
      "[{\"user\":\"a\",\"item\":5},{\"user\":\"b\",\"item\":7},{\"user\":\"a\",\"item\":7},{\"user\":\"b\",\"item\":5}]",
      "x.json"
    ),
    ("session_id:token\titem_id_list:token_seq\titem_id:token\na\t5\t7\nb\t7\t5\n", "x.inter"),
  ])
  func formatsAgree(_ text: String, _ name: String) throws {
    let log = try read(text, name)
    #expect(Self.sessions(log) == ["a": ["5", "7"], "b": ["7", "5"]])
    #expect(log.sessions == ["a", "b"])
    #expect(log.starts == [0, 2, 4] && log.hasTimes == !log.times.isEmpty)
  }

  @Test func columnsWithoutNames() throws {
    // MovieLens: user, item, rating, time; without a rating the third is the time
    let ratings = try read("1\t10\t5\t300\n2\t11\t4\t100\n1\t12\t3\t200\n", "u.data")
    #expect(Self.sessions(ratings) == ["1": ["12", "10"], "2": ["11"]] && ratings.isOfUsers)
    #expect(ratings.sessions == ["2", "1"] && ratings.times == [100, 200, 300])
    let times = try read("1,10,300\n1,12,200\n")
    #expect(Self.sessions(times) == ["1": ["12", "10"]])
    // the log of the RecSys Challenge 2015: session, time, item, category
    let clicks = try read("1,2014-04-07T10:52:00.000Z,20,0\n1,2014-04-07T10:51:00.000Z,21,0\n")
    #expect(Self.sessions(clicks) == ["1": ["21", "20"]] && !clicks.isOfUsers)
    #expect(throws: DataError.self) { try read("1,2,3,4,5\n1,2,3,4,5\n") }
    let asked = try InteractionLog(
      [Self.source("9,2,1,4,5\n8,3,1,4,5\n")],
      columns: InteractionColumns(session: "3", item: "2", time: "1"))
    #expect(Self.sessions(asked) == ["1": ["3", "2"]])
  }

  @Test func sessionsBeforeUsers() throws {
    let log = try read("user_id,session_id,item_id\nu,s1,1\nu,s2,2\n")
    #expect(log.sessions == ["s1", "s2"] && !log.isOfUsers)
    #expect(log.notes.contains { $0.text.contains("\"session_id\"") && $0.setting == "session" })
    let users = try InteractionLog(
      [Self.source("user_id,session_id,item_id\nu,s1,1\nu,s2,2\n")],
      columns: InteractionColumns(session: "user_id"))
    #expect(Self.sessions(users) == ["u": ["1", "2"]] && users.isOfUsers)
  }

  @Test func timesSort() throws {
    // equal times keep the order of their rows; milliseconds are told by their size
    let log = try read("session,item,time\na,1,1396437466940\na,2,1396437466940\na,3,1396437460000\n")
    #expect(Self.sessions(log) == ["a": ["3", "1", "2"]])
    #expect(log.times == [1_396_437_460, 1_396_437_466.94, 1_396_437_466.94])
    let dates = try read("session,item,date\na,1,2024-03-02 10:00\na,2,2024-03-01\nb,3,2024-02-28\n")
    #expect(dates.sessions == ["b", "a"] && Self.sessions(dates)["a"] == ["2", "1"])
    // on one day, in milliseconds since the beginning of the session
    let frames = try read("session_id,item_id,timeframe_ms,date\n1,a,2500,2016-05-09\n1,b,500,2016-05-09\n")
    #expect(Self.sessions(frames) == ["1": ["b", "a"]])
    #expect(frames.times[1] - frames.times[0] == 2)
  }

  @Test func severalSourcesAreOneLog() throws {
    let log = try InteractionLog([
      Self.source("session,item\na,1\nb,2\n"), Self.source("session,item\na,3\nc,1\n"),
    ])
    #expect(Self.sessions(log) == ["a": ["1", "3"], "b": ["2"], "c": ["1"]])
    #expect(throws: DataError.self) {
      try InteractionLog([
        Self.source("session,item\na,1\n"), Self.source("session,item,time\na,3,1\n"),
      ])
    }
  }

  @Test func valuesOfPrograms() throws {
    let one = try InteractionLog([DataSource(.list([.text("x"), .number(4)]), name: "line")])
    #expect(Self.sessions(one) == ["1": ["x", "4"]])
    let object = try InteractionLog([DataSource(.object(["items": .list([.number(1)])]), name: "line")])
    #expect(Self.sessions(object) == ["1": ["1"]])
    let columns = DataSource(
      columns: ["session": .numbers([1, 1]), "item": .texts(["p", "q"]), "time": .numbers([9, 8])],
      name: "columns")
    #expect(Self.sessions(try InteractionLog([columns])) == ["1": ["q", "p"]])
  }

  /// RecBole's lists have a row for each beginning of a session.
  @Test func listsAreNotCountedTwice() throws {
    let text = "session_id:token\titem_id_list:token_seq\titem_id:token\n"
    let log = try read(text + "a\t1 2\t3\na\t1\t2\nb\t4\t5\nb\t6\t7\n", "x.inter")
    #expect(Self.sessions(log) == ["a": ["1", "2", "3"], "b": ["4", "5"], "b (2)": ["6", "7"]])
  }

  // MARK: Bad input

  @Test(arguments: [
    ("session,item\na,\n", "line 2, column \"item\": expected an item, found nothing"),
    ("session,item\n,4\n", "line 2, column \"session\": expected a session, found nothing"),
    ("session,item,time\na,1,5\na,2,\n", "line 3, column \"time\": expected a time, found nothing"),
    ("session,item,time\na,1,5\na,2,NaN\n", "line 3, column \"time\": expected a time, found \"NaN\""),
    ("session,item,time\na,1,soon\n", "expected a number or a date, found \"soon\""),
    (
      "session,item,time\na,1,5\na,2,soon\na,3,6\n",
      "line 3, column \"time\": expected a number or a date, found \"soon\""
    ),
    (
      "who,what,when\n1,2,3\n",
      "the name of a column of log.csv, as `item` and `time`: \"who\", \"what\", \"when\""
    ),
    ("session,item\na\n", "line 2: expected 2 fields, found 1"),
    ("session,price\na,1\n", "item must be the name of a column"),
    ("price,item\na,1\n", "session must be the name of a column"),
    ("session,item\n", "expected at least one row"),
    ("{\"session\":\"a\"}\n", "expected an event with a session and an item"),
    ("{\"session\":\"a\",\"item\":[1,{}]}\n", "\"item\", a text or a number"),
    ("{\"session\":\"a\",\"item\":1}\n{\"item\":2}\n", "line 2: expected \"session\""),
    ("{\"session\":\"a\",\"item\":1,\"time\":\"x\"}\n", "\"time\", a number or a date"),
  ])
  func oneMessage(_ text: String, _ reason: String) {
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect(error?.description.contains(reason) ?? false, "\(error?.description ?? "none")")
  }

  @Test func latinIsRead() throws {
    var bytes = Array("user,item\n1,Am".utf8)
    bytes += [0xE9, 0x6C, 0x69, 0x65, 0x0A]
    let log = try InteractionLog([DataSource(bytes: bytes, name: "x.csv")])
    #expect(log.itemNames == ["Amélie"] && log.notes.contains { $0.text.contains("Latin-1") })
  }

  // MARK: Changes

  @Test func repeatsAndRareItems() throws {
    let log = try read("session,item\na,1\na,1\na,2\na,1\nb,2\nb,3\nc,2\n")
    #expect(Self.sessions(log.mergingRepeats)["a"] == ["1", "2", "1"])
    // item 3 is rare; without it session b has one event, and then item 2 is rare too
    let reduced = log.reduced(itemCount: 3, length: 2)
    #expect(Self.sessions(reduced) == ["a": ["1", "1", "1"]])
    #expect(log.reduced(itemCount: 1, length: 1) == log)
    #expect(log.reduced(itemCount: 9, length: 1).count == 0)
  }
}
