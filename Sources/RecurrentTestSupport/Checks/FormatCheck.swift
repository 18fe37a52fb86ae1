#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Throws unless a reader of a format withstands damaged files: cut short at every byte, with bytes changed, taken out,
/// put in and overwritten by the extremes of lengths, it either reads something or says what is wrong by an error in one
/// line. A crash or a hang ends the test.
///
/// - Parameters:
///   - bytes: a sound file.
///   - rounds: damaged copies; the same ones on every run.
///   - isCutNoticed: whether every cut must be an error, as it must where the format knows the size of a file.
///   - read: reads a file completely, with all its numbers.
public func checkFormat<Failure: Error>(
  _ bytes: [UInt8], rounds: Int = 2000, isCutNoticed: Bool = true,
  read: ([UInt8]) throws(Failure) -> Void
) throws {
  try read(bytes)
  // every cut of a small file; of a large one its beginning, its end, and some between
  let cuts = bytes.count <= 4096 ? Array(0..<bytes.count) : (0..<4096).map { spread($0, below: bytes.count) }
  for cut in cuts where try withstands(Array(bytes.prefix(cut)), read) && isCutNoticed {
    throw CheckFailure("a file of \(bytes.count) bytes cut to \(cut) is read without an error")
  }
  var random = SplitMix(seed: 0x9E37_79B9_7F4A_7C15)
  for _ in 0..<rounds { _ = try withstands(damage(bytes, &random), read) }
  // longer by hand: RECURRENT_FUZZ_SECONDS=600 swift test --filter withstands
  let seconds = ProcessInfo.processInfo.environment["RECURRENT_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  while clock.now < end { _ = try withstands(damage(bytes, &random), read) }
}

/// Whether a file is read without an error.
private func withstands<Failure: Error>(
  _ bytes: [UInt8], _ read: ([UInt8]) throws(Failure) -> Void
) throws -> Bool {
  do throws(Failure) {
    try read(bytes)
    return true
  } catch {
    let text = "\(error)"
    if text.isEmpty || text.contains("\n") {
      throw CheckFailure("an error is not one line: \(text.prefix(200))")
    }
    return false
  }
}

/// One of 4096 places: the first quarter of the numbers stands for the beginning, the last for the end.
private func spread(_ number: Int, below count: Int) -> Int {
  switch number {
  case 0..<1024: number
  case 3072...: count - (4096 - number)
  default: 1024 + (number - 1024) * (count - 2048) / 2048
  }
}

extension SplitMix {
  /// A number in 0 ..< limit.
  fileprivate mutating func next(below limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
}

private func damage(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
  var damaged = bytes
  for _ in 0...random.next(below: 4) {
    let place = random.next(below: damaged.count)
    guard place < damaged.count else { break }
    switch random.next(below: 7) {
    case 0: damaged[place] ^= 1 << UInt8(random.next(below: 8))
    case 1: damaged[place] = UInt8(random.next(below: 256))
    case 2: damaged.remove(at: place)
    case 3: damaged.insert(UInt8(random.next(below: 256)), at: place)
    case 4:
      // lengths and offsets at the limits of their types
      let word: [UInt8] = [[0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF]][
        random.next(below: 4)]
      for (index, byte) in word.enumerated() where place + index < damaged.count {
        damaged[place + index] = byte
      }
    case 5:
      let end = min(damaged.count, place + random.next(below: 64))
      damaged.removeSubrange(place..<end)
    default:
      let from = random.next(below: damaged.count)
      let end = min(damaged.count, from + random.next(below: 64))
      damaged.insert(contentsOf: damaged[from..<end], at: place)
    }
  }
  return damaged
}
