/// A GIF with one or more grey frames, to be read back without loss.
///
/// - Parameters:
///   - width: of the frames, in pixels.
///   - height: of the frames, in pixels.
///   - frames: brightness of each pixel, row by row, 0 ... 127, which become 0 ... 254.
///   - hundredths: how long each frame is shown, in hundredths of a second.
public func gifFile(width: Int, height: Int, frames: [[UInt8]], hundredths: UInt8 = 8) -> [UInt8] {
  func short(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
  var bytes = Array("GIF89a".utf8) + short(width) + short(height) + [0xF6, 0, 0]
  for level in 0..<UInt8(128) { bytes += [level * 2, level * 2, level * 2] }
  for frame in frames {
    bytes +=
      [0x21, 0xF9, 4, 0, hundredths, 0, 0, 0, 0x2C, 0, 0, 0, 0] + short(width) + short(height) + [0, 7]
    // with a cleared table every hundred pixels all codes keep eight bits
    var codes: [UInt8] = []
    for (index, pixel) in frame.enumerated() {
      if index % 100 == 0 { codes.append(128) }
      codes.append(min(pixel, 127))
    }
    codes.append(129)
    for start in stride(from: 0, to: codes.count, by: 255) {
      let block = codes[start..<min(start + 255, codes.count)]
      bytes += [UInt8(block.count)] + block
    }
    bytes.append(0)
  }
  return bytes + [0x3B]
}

/// A WAVE file with one channel of 16 bits.
///
/// - Parameters:
///   - rate: samples a second.
///   - samples: in -1 ... 1.
public func waveFile(rate: Int, samples: [Float]) -> [UInt8] {
  func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
  let data = samples.flatMap { number(Int((max(-1, min(1, $0)) * 32767).rounded()) & 0xFFFF, 2) }
  let format =
    number(1, 2) + number(1, 2) + number(rate, 4) + number(2 * rate, 4) + number(2, 2) + number(16, 2)
  return Array("RIFF".utf8) + number(36 + data.count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + format
    + Array("data".utf8) + number(data.count, 4) + data
}
