import RecurrentTestSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ScratchFolder {
  /// Writes files with their folders.
  func write(_ files: [(name: String, text: String)]) throws {
    for (name, text) in files { try write(name, Array(text.utf8)) }
  }

  /// Writes a file with its folders.
  func write(_ name: String, _ bytes: [UInt8]) throws {
    let parent = (path + "/" + name).split(separator: "/", omittingEmptySubsequences: false).dropLast()
    try FileManager.default.createDirectory(
      atPath: parent.joined(separator: "/"), withIntermediateDirectories: true)
    _ = try file(name, bytes)
  }

  /// Writes short sounds.
  func write(sounds names: [String]) throws {
    for name in names {
      try write(name, waveFile(rate: 8000, samples: (0..<800).map { Float($0 % 50) / 100 }))
    }
  }
}
