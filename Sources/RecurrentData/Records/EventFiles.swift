#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the files are that a table of events names.
struct EventFiles {
  private let events: EventTable
  private let folders: [String]
  /// The files that were named themselves, by the name that events have for them.
  private var own: [String: DataSource] = [:]

  init(_ sources: [DataSource], _ events: EventTable) throws(DataError) {
    self.events = events
    // the table itself stands for the folder that it lies in
    folders = sources.filter(\.isPath).map(\.name).compactMap { path in
      if DataFolder.isFolder(path) { return path }
      return EventFiles.real(path) == EventFiles.real(events.path)
        ? DataFolder.path(".", besides: events.path) : nil
    }
    let single = sources.filter {
      !$0.isFolder && (!$0.isPath || EventFiles.real($0.name) != EventFiles.real(events.path))
    }
    let names = events.files.map(\.name)
    for source in single {
      let path = source.name
      let last = EventFiles.last(path)
      let matches = [
        names.filter { EventFiles.real(DataFolder.path($0, besides: events.path)) == EventFiles.real(path) },
        names.filter { path == $0 || path.hasSuffix("/" + $0) }, names.filter { EventFiles.last($0) == last },
        // records of WFDB are known by their names without endings
        names.filter { EventFiles.last($0) == DataFolder.stem(path) },
        // events of one recording may name it as they like
        single.count == 1 && names.count == 1 && folders.isEmpty ? names : [],
      ]
      guard let name = matches.first(where: { $0.count == 1 })?.first else {
        guard !source.isPath || DataFolder.exists(path) else { throw .notFound(path: path) }
        throw .invalidSetting(
          name: "events", expected: "a table that names \(path) once",
          found: "\(events.path) with " + names.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
            + (names.count > 6 ? ", ..." : ""))
      }
      own[name] = source
    }
  }

  /// Where a file is; nil where it is not among the data.
  func place(of name: String) -> DataSource? {
    if let source = own[name] { return source }
    let besides = DataFolder.path(name, besides: events.path)
    for folder in folders {
      let places = [folder + "/" + name, folder + "/" + EventFiles.last(name)].flatMap { [$0, $0 + ".hea"] }
      // a folder before the name may be that of the data
      if let real = EventFiles.real(besides), let inside = EventFiles.real(folder),
        real.hasPrefix(inside + "/"),
        !DataFolder.exists(places[0])
      {
        return DataSource(besides)
      }
      if let place = places.first(where: DataFolder.exists) { return DataSource(place) }
    }
    // what is nowhere is read, which says so
    return folders.isEmpty || DataFolder.exists(besides) ? nil : DataSource(folders[0] + "/" + name)
  }

  private static func last(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The path without links and points; nil where nothing is there.
  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
