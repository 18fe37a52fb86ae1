/// Which columns together tell apart series whose times recur.
struct SeriesKeys {
  /// Columns that tell series apart, and how many there are.
  struct Found: Equatable {
    var columns: [Int]
    var count: Int
  }

  private let table: RecordTable
  /// The columns that may name series, those whose names say so first.
  private let candidates: [Int]
  private let times: [Double]
  private var texts: [Int: InternedColumn] = [:]

  /// How the names of columns that name something begin, or what they are.
  private static let stems: Set<String> = [
    "id", "series", "unique", "item", "symbol", "ticker", "store", "station", "sensor", "shop", "product",
    "sku", "dept",
    "department", "family", "customer", "client", "meter", "site", "location", "loc", "region", "country",
    "state", "city",
    "branch", "warehouse", "zone", "turbine", "well", "machine", "device", "unit", "plant", "line", "route",
    "stop", "airport",
    "bank", "fund", "asset", "sector", "geo", "area", "district", "county", "province", "cat", "category",
    "brand", "channel",
    "user", "patient", "subject", "vehicle", "node", "host", "server", "building", "room", "floor", "house",
    "household",
    "filiale", "artikel", "produkt", "kunde", "standort", "magasin", "produit", "tienda", "producto", "land",
    "ort",
  ]
  /// How the names of columns that name something end.
  private static let endings = [
    "_id", " id", "-id", "_nbr", "_no", "_nr", "_number", "_code", "_key", "_name", "id", " name", " code",
  ]
  private static let most = 8

  /// Whether a column of a name usually says what a row is about.
  static func isName(_ name: String) -> Bool {
    let name = name.trimmingBlanks.lowercased()
    if stems.contains(name) { return true }
    for ending in endings where name.hasSuffix(ending) && name.count > ending.count {
      // `paid`, `humid` end so, too
      if ending != "id" || stems.contains(String(name.dropLast(2))) { return true }
    }
    return false
  }

  /// Reads the columns that may name series.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - times: of its rows.
  ///   - first: columns that come before all others.
  ///   - words: columns without numbers.
  ///   - taken: columns that are something else.
  init(
    _ table: RecordTable, _ times: [Double], first: [Int], words: [Int], without taken: Set<Int>
  ) throws(DataError) {
    (self.table, self.times) = (table, times)
    let named = table.columns.indices.filter { SeriesKeys.isName(table.columns[$0]) }
    var candidates: [Int] = []
    for column in first + named + words where !taken.contains(column) && !candidates.contains(column) {
      candidates.append(column)
    }
    candidates = Array(candidates.prefix(SeriesKeys.most))
    var texts = candidates.map { _ in InternedColumn() }
    try table.forEachRow { row, fields throws(DataError) in
      for (place, column) in candidates.enumerated() {
        texts[place].append(try table.plainText(fields[column], row: row, column: column))
      }
    }
    let read = Dictionary(uniqueKeysWithValues: zip(candidates, texts))
    self.texts = read
    // what is another one in nearly every row names no series, and what never changes tells none apart
    self.candidates = candidates.filter { column in
      guard let names = read[column] else { return false }
      let most = first.contains(column) ? names.count - 1 : names.count / 2
      return names.names.count > 1 && names.names.count <= most
    }
  }

  /// The texts of a column that was read.
  func texts(of column: Int) -> InternedColumn? { texts[column] }

  /// Columns that tell series apart, as few as possible: each way in which they do so differently.
  ///
  /// - Parameter fixed: columns that are among them.
  func found(with fixed: [Int] = []) -> [Found] {
    let others = candidates.filter { !fixed.contains($0) }
    for count in 1...3 where count > fixed.count {
      var found: [(own: Found, codes: [Int32])] = []
      for chosen in SeriesKeys.sets(of: others, count - fixed.count) {
        let columns = (fixed + chosen).sorted()
        guard let (codes, count) = codes(of: columns), isKey(codes) else { continue }
        // one column is enough, the first of those that are
        if columns.count == 1 { return [Found(columns: columns, count: count)] }
        guard 2 * count <= codes.count, !found.contains(where: { $0.codes == codes }) else { continue }
        found.append((Found(columns: columns, count: count), codes))
      }
      if !found.isEmpty { return found.map(\.own) }
    }
    return []
  }

  private static func sets(of columns: [Int], _ count: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    return columns.indices.flatMap { place in
      sets(of: Array(columns[(place + 1)...]), count - 1).map { [columns[place]] + $0 }
    }
  }

  /// Which series each row belongs to, numbered in the order in which they begin.
  private func codes(of columns: [Int]) -> (codes: [Int32], count: Int)? {
    var codes = [Int32](repeating: 0, count: times.count)
    var count = 1
    for column in columns {
      guard let names = texts[column] else { return nil }
      var numbers: [SIMD2<Int32>: Int32] = [:]
      for row in codes.indices {
        let next = Int32(numbers.count)
        let key = SIMD2(codes[row], Int32(names.code(row)))
        codes[row] = numbers[key] ?? next
        if codes[row] == next { numbers[key] = next }
      }
      count = numbers.count
    }
    return (codes, count)
  }

  private struct Moment: Hashable {
    var code: Int32
    var time: Double
  }

  /// Whether no series has a time twice.
  private func isKey(_ codes: [Int32]) -> Bool {
    var seen: Set<Moment> = []
    return codes.indices.allSatisfy { seen.insert(Moment(code: codes[$0], time: times[$0])).inserted }
  }
}
