#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension TaggedRecordings {
  static func isTable(_ path: String) -> Bool {
    ["csv", "tsv", "jsonl", "txt"].contains(DataFolder.ending(path))
  }

  /// The files that a table of events names, each once: of folders those in them, of files those alone.
  mutating func files(
    _ paths: [String], _ events: EventTable, _ columns: Columns, _ known: Known
  ) throws -> [TaggedRecording] {
    var (found, others): ([TaggedRecording], [String]) = ([], [])
    let places = try EventFiles(paths, events)
    for file in events.files {
      guard let place = places.place(of: file.name) else {
        others.append(file.name)
        continue
      }
      var recording: TaggedRecording
      if TaggedRecordings.isTable(place) {
        let all = try table(place, columns, known, events: events, hasEvents: true)
        guard all.count == 1 else {
          throw DataError.invalidSetting(
            name: "id-column", expected: "one recording in each file that events name",
            found: "\(all.count) in \(place)")
        }
        recording = all[0]
      } else {
        recording = try TaggedRecordings.recording(place, reads: true, columns.records.format)
      }
      recording.record.part = file.part
      recording.events = try events.events(of: file.name, in: recording, assumed: known.clock)
      found.append(recording)
    }
    if !others.isEmpty {
      let shown =
        others.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ") + (others.count > 3 ? ", ..." : "")
      add(
        DataNote(
          .found,
          "\(others.count) files of \(events.path) are not in \(paths.joined(separator: ", ")): \(shown)"))
    }
    return found
  }

  /// A recording in a file that is no table.
  ///
  /// - Parameters:
  ///   - reads: whether its clock and length are needed before its features are.
  ///   - format: how its numbers are written; nil where its rows are to tell.
  static func recording(_ path: String, reads: Bool, _ format: TableFormat?) throws -> TaggedRecording {
    var record = SequenceRecord(.file(path), origin: path)
    record.format = format
    let isMoving =
      FFmpeg.pictureEndings.contains(where: path.lowercased().hasSuffix) || DataFolder.ending(path) == "gif"
    guard reads || isMoving else { return TaggedRecording(record: record) }
    switch try SequenceFile(path: path, format: format) {
    case .pictures(let pictures):
      // a clip that does not say how long its pictures are shown has 25 a second
      let hasTimes = pictures.durations.allSatisfy { $0 > 0 }
      var (times, time) = ([Double](), 0.0)
      for duration in pictures.durations {
        times.append(time)
        time += duration
      }
      let isEven = !hasTimes || Set(pictures.durations).count <= 1
      let rate = time > 0 ? Double(pictures.frames.count) / time : 25
      return TaggedRecording(
        record: record, clock: isEven ? StepClock(rate: rate) : StepClock(times: times, unit: .seconds),
        stepCount: pictures.frames.count)
    case .sound(let sound):
      var recording = TaggedRecording(
        record: record, clock: StepClock(rate: sound.rate), stepCount: sound.count)
      recording.isSound = true
      return recording
    case .series(let series): return TaggedRecording(record: record, stepCount: series.stepCount)
    case .text: return TaggedRecording(record: record)
    }
  }
}

/// Where the files are that a table of events names.
private struct EventFiles {
  private let events: EventTable
  private let folders: [String]
  /// The files that were named themselves, by the name that events have for them.
  private var own: [String: String] = [:]

  init(_ paths: [String], _ events: EventTable) throws(DataError) {
    self.events = events
    // the table itself stands for the folder that it lies in
    folders = paths.compactMap { path in
      if DataFolder.isFolder(path) { return path }
      return EventFiles.real(path) == EventFiles.real(events.path)
        ? DataFolder.path(".", besides: events.path) : nil
    }
    let single = paths.filter {
      !DataFolder.isFolder($0) && EventFiles.real($0) != EventFiles.real(events.path)
    }
    let names = events.files.map(\.name)
    for path in single {
      let last = EventFiles.last(path)
      let matches = [
        names.filter { EventFiles.real(DataFolder.path($0, besides: events.path)) == EventFiles.real(path) },
        names.filter { path == $0 || path.hasSuffix("/" + $0) }, names.filter { EventFiles.last($0) == last },
        // events of one recording may name it as they like
        single.count == 1 && names.count == 1 && folders.isEmpty ? names : [],
      ]
      guard let name = matches.first(where: { $0.count == 1 })?.first else {
        guard DataFolder.exists(path) else { throw .notFound(path: path) }
        throw .invalidSetting(
          name: "events", expected: "a table that names \(path) once",
          found: "\(events.path) with " + names.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
            + (names.count > 6 ? ", ..." : ""))
      }
      own[name] = path
    }
  }

  /// Where a file is; nil where it is not among the data.
  func place(of name: String) -> String? {
    if let path = own[name] { return path }
    let besides = DataFolder.path(name, besides: events.path)
    for folder in folders {
      let places = [folder + "/" + name, folder + "/" + EventFiles.last(name)]
      // a folder before the name may be that of the data
      if let real = EventFiles.real(besides), let inside = EventFiles.real(folder),
        real.hasPrefix(inside + "/"),
        !DataFolder.exists(places[0])
      {
        return besides
      }
      if let place = places.first(where: DataFolder.exists) { return place }
    }
    // what is nowhere is read, which says so
    return folders.isEmpty || DataFolder.exists(besides) ? nil : folders[0] + "/" + name
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
