/// Which columns of a table of interactions hold what; nil where the names are to tell.
public struct InteractionColumns: Sendable, Equatable, Codable {
  /// The session, or the user.
  public var session: String?
  /// The item.
  public var item: String?
  /// When it was.
  public var time: String?
  /// The day, where the time counts from the beginning of a session.
  public var date: String?
  /// Several items of a session in one field.
  public var list: String?

  /// Columns.
  public init(
    session: String? = nil, item: String? = nil, time: String? = nil, date: String? = nil, list: String? = nil
  ) {
    (self.session, self.item, self.time) = (session, item, time)
    (self.date, self.list) = (date, list)
  }

  /// What is asked for, and for the rest what was found in other data of the same kind, where a table has such columns.
  func filled(from known: InteractionColumns?, in columns: [String]) -> InteractionColumns {
    func pick(_ own: String?, _ other: String?) -> String? {
      own ?? other.flatMap { columns.contains($0) ? $0 : nil }
    }
    return InteractionColumns(
      session: pick(session, known?.session), item: pick(item, known?.item), time: pick(time, known?.time),
      date: pick(date, known?.date), list: pick(list, known?.list))
  }
}

/// What the name of a column says that it holds.
enum InteractionRole: CaseIterable {
  case session, user, item, list, time, date

  /// Names in lower case, without marks between their words and without what RecBole puts behind a colon.
  private var names: Set<String> {
    switch self {
    case .session: ["sessionid", "session", "sessid", "visitid", "visit", "basketid", "basket", "playlistid"]
    case .user:
      [
        "userid", "user", "uid", "visitorid", "visitor", "customerid", "customer", "reviewerid", "clientid",
        "memberid",
      ]
    case .item:
      [
        "itemid", "item", "iid", "productid", "product", "movieid", "movie", "filmid", "articleid", "article",
        "clickarticleid", "songid", "song", "trackid", "track", "artistid", "bookid", "isbn", "asin", "sku",
        "contentid", "businessid", "venueid",
      ]
    case .list: ["itemidlist", "itemids", "items", "itemlist"]
    case .time:
      [
        "timestamp", "time", "datetime", "ts", "unixtimestamp", "unixtime", "eventtime", "timeframe",
        "timeframems", "clicktimestamp", "createdat", "timestampms", "timems",
      ]
    case .date: ["eventdate", "date", "day"]
    }
  }

  /// The role of a name; nil where it says none.
  init?(_ name: String) {
    let plain = String(
      name.prefix { $0 != ":" }.lowercased().filter { !["_", "-", " ", "."].contains($0) })
    guard let role = InteractionRole.allCases.first(where: { $0.names.contains(plain) }) else { return nil }
    self = role
  }
}

extension InteractionColumns {
  /// The columns of a table by their names, where nothing is said about them.
  ///
  /// - Returns: the columns; whether rows belong to users without sessions; and what was assumed.
  /// - Throws: ``DataError`` where there are no sessions or items among them.
  func resolved(
    in columns: [String], of path: String
  ) throws(DataError) -> (columns: InteractionColumns, isOfUsers: Bool, notes: [DataNote]) {
    for name in [session, item, time, date, list] {
      if let name, !columns.contains(name) { throw .noColumn(path: path, name: name, available: columns) }
    }
    var (own, notes) = (self, [DataNote]())
    let taken = [session, item, time, date, list].compactMap { $0 }
    func first(_ role: InteractionRole) -> String? {
      columns.first { InteractionRole($0) == role && !taken.contains($0) }
    }
    if own.session == nil {
      own.session = first(.session) ?? first(.user)
      if let name = own.session {
        notes.append(DataNote(.assumed, "the sessions are the column \"\(name)\"", setting: "session"))
      }
    }
    if own.item == nil {
      own.item = first(.item)
      if let name = own.item {
        notes.append(DataNote(.assumed, "the items are the column \"\(name)\"", setting: "item"))
      }
    }
    own.list = own.list ?? first(.list)
    if own.time == nil {
      let dates = columns.filter { InteractionRole($0) == .date && !taken.contains($0) }
      own.time = first(.time) ?? (own.date == nil ? dates.first : nil)
      if let name = own.time {
        notes.append(DataNote(.assumed, "the times are the column \"\(name)\"", setting: "time"))
      }
    }
    if own.date == nil, let time = own.time, InteractionColumns.countsFromBeginning(time) {
      own.date = first(.date).flatMap { $0 == time ? nil : $0 }
      if let name = own.date {
        notes.append(
          DataNote(
            .assumed, "the times count from the beginning of a session on the day of the column \"\(name)\"",
            setting: "date"))
      }
    }
    guard let session = own.session, own.item != nil || own.list != nil else {
      throw .invalidSetting(
        name: own.session == nil ? "session" : "item",
        expected: "the name of a column of \(path): "
          + columns.map { "\"\($0)\"" }.joined(separator: ", "), found: "nothing")
    }
    return (own, InteractionRole(session) == .user, notes)
  }

  /// Whether a column of times has those since the beginning of a session, in milliseconds.
  static func countsFromBeginning(_ name: String) -> Bool { name.lowercased().contains("timeframe") }
}
