/// Writes FLAC files with every coding that the format has, as tests ask for it, and no regard to size.
public struct FLACEncoder {
  /// How a channel of a block is written.
  public enum Subframe: Sendable {
    /// The first sample for all.
    case constant
    /// All samples.
    case verbatim
    /// A fixed prediction from 0 to 4 samples.
    case fixed(Int)
    /// A linear prediction: the weights of the samples before, the next one first, over a power of two.
    case linear([Int], shift: Int)
  }

  /// How a block is written.
  public struct Block: Sendable {
    /// For each channel its samples.
    public var samples: [[Int]]
    /// How all channels are written.
    public var subframe: Subframe
    /// The code of its channels: one less than their number, or 8 to 10 for differences.
    public var channelCode: Int
    /// Low bits that are zero in all samples and are not written.
    public var wasted = 0
    /// 2 to this power are the partitions of residuals.
    public var partitionOrder = 0
    /// The parameters of Rice of the partitions, taken in turn; nil for residuals of as many bits as they need.
    public var parameters: [Int?] = [4]
    /// Whether parameters have five bits.
    public var isWide = false
    /// The code of the rate, and its bits behind the head.
    public var rate: (code: Int, value: Int, bits: Int) = (0, 0, 0)

    /// A block.
    public init(_ samples: [[Int]], _ subframe: Subframe, channelCode: Int? = nil) {
      (self.samples, self.subframe) = (samples, subframe)
      self.channelCode = channelCode ?? samples.count - 1
    }
  }

  private var bytes: [UInt8] = []
  private var used = 8

  /// A file.
  ///
  /// - Parameters:
  ///   - blocks: blocks of equally many channels.
  ///   - bits: bits of a sample.
  ///   - rate: samples a second.
  ///   - isVariable: whether frames are numbered by their first samples.
  ///   - count: samples of a channel; nil for those of the blocks.
  ///   - digest: the MD5 of the samples.
  ///   - metadata: blocks behind the stream info, of a kind each.
  public static func file(
    _ blocks: [Block], bits: Int, rate: Int, isVariable: Bool = false, count: Int? = nil,
    digest: [UInt8] = [UInt8](repeating: 0, count: 16), metadata: [(kind: Int, bytes: [UInt8])] = []
  ) -> [UInt8] {
    let sizes = blocks.map { $0.samples[0].count }
    var head = FLACEncoder()
    for byte in Array("fLaC".utf8) { head.put(Int(byte), 8) }
    head.put(metadata.isEmpty ? 0x80 : 0, 8)
    head.put(34, 24)
    for size in [sizes.min() ?? 16, max(16, sizes.max() ?? 65_535)] { head.put(size, 16) }
    head.put(0, 48)
    head.put(rate, 20)
    head.put((blocks.first?.samples.count ?? 1) - 1, 3)
    head.put(bits - 1, 5)
    head.put(count ?? sizes.reduce(0, +), 36)
    var file = head.bytes + digest
    for (index, block) in metadata.enumerated() {
      file += [UInt8(block.kind | (index == metadata.count - 1 ? 0x80 : 0))]
      file += [16, 8, 0].map { UInt8(truncatingIfNeeded: block.bytes.count >> $0) } + block.bytes
    }
    var position = 0
    for (index, block) in blocks.enumerated() {
      file += frame(block, number: isVariable ? position : index, isVariable: isVariable, bits: bits)
      position += block.samples[0].count
    }
    return file
  }

  /// A block with its head and checksums.
  public static func frame(_ block: Block, number: Int, isVariable: Bool = false, bits: Int) -> [UInt8] {
    var own = FLACEncoder()
    own.put(isVariable ? 0xFFF9 : 0xFFF8, 16)
    let size = block.samples[0].count
    let known = (1...15).first {
      [1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608][$0] ?? ($0 > 7 ? 1 << $0 : 0) == size
    }
    own.put(known ?? (size <= 256 ? 6 : 7), 4)
    own.put(block.rate.code, 4)
    own.put(block.channelCode, 4)
    own.put([8: 1, 12: 2, 16: 4, 20: 5, 24: 6, 32: 7][bits] ?? 0, 3)
    own.put(0, 1)
    own.putNumber(number)
    if known == nil { own.put(size - 1, size <= 256 ? 8 : 16) }
    own.put(block.rate.value, block.rate.bits)
    own.put(checksum(own.bytes, width: 8, polynomial: 7), 8)
    for (channel, samples) in channels(of: block).enumerated() {
      let isSide = block.channelCode == 9 ? channel == 0 : block.channelCode > 7 && channel == 1
      own.putSubframe(samples.map { $0 >> block.wasted }, block, bits: bits + (isSide ? 1 : 0))
    }
    if own.used < 8 { own.put(0, 8 - own.used) }
    own.put(checksum(own.bytes, width: 16, polynomial: 0x8005), 16)
    return own.bytes
  }

  /// Channels with the differences that the code names.
  private static func channels(of block: Block) -> [[Int]] {
    guard block.channelCode > 7 else { return block.samples }
    let (left, right) = (block.samples[0], block.samples[1])
    let side = zip(left, right).map { $0 - $1 }
    switch block.channelCode {
    case 8: return [left, side]
    case 9: return [side, right]
    default: return [zip(left, right).map { ($0 + $1) >> 1 }, side]
    }
  }

  /// A cyclic checksum bit by bit.
  public static func checksum(_ bytes: [UInt8], width: Int, polynomial: Int) -> Int {
    var sum = 0
    for byte in bytes {
      for bit in (0..<8).reversed() {
        let top = sum >> (width - 1) & 1 ^ Int(byte) >> bit & 1
        sum = (sum << 1 & (1 << width - 1)) ^ (top == 1 ? polynomial : 0)
      }
    }
    return sum
  }

  private mutating func put(_ value: Int, _ count: Int) {
    for bit in (0..<count).reversed() {
      if used == 8 {
        bytes.append(0)
        used = 0
      }
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(7 - used)
      used += 1
    }
  }

  /// In the form of UTF-8, of up to seven bytes.
  private mutating func putNumber(_ number: Int) {
    guard number > 0x7F else { return put(number, 8) }
    let count = (2...7).first { number < 1 << (5 * $0 + 1) } ?? 7
    put((0xFF << (8 - count) & 0xFF) | number >> (6 * (count - 1)), 8)
    for place in (0..<count - 1).reversed() { put(0x80 | number >> (6 * place) & 0x3F, 8) }
  }

  private mutating func putSubframe(_ samples: [Int], _ block: Block, bits: Int) {
    let own = bits - block.wasted
    func head(_ kind: Int) -> Int { kind << 1 | (block.wasted > 0 ? 1 : 0) }
    func wasted(_ encoder: inout FLACEncoder) { if block.wasted > 0 { encoder.put(1, block.wasted) } }
    switch block.subframe {
    case .constant:
      put(head(0), 8)
      wasted(&self)
      put(samples[0], own)
    case .verbatim:
      put(head(1), 8)
      wasted(&self)
      for sample in samples { put(sample, own) }
    case .fixed(let order):
      put(head(8 + order), 8)
      wasted(&self)
      for sample in samples[..<order] { put(sample, own) }
      putResiduals(samples, block, [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]][order], 0)
    case .linear(let weights, let shift):
      put(head(31 + weights.count), 8)
      wasted(&self)
      for sample in samples[..<weights.count] { put(sample, own) }
      put(14, 4)
      put(shift, 5)
      for weight in weights { put(weight, 15) }
      putResiduals(samples, block, weights, shift)
    }
  }

  private mutating func putResiduals(_ samples: [Int], _ block: Block, _ weights: [Int], _ shift: Int) {
    let order = weights.count
    let residuals = samples.indices.dropFirst(order).map { index in
      samples[index] - weights.indices.reduce(0) { $0 + weights[$1] * samples[index - 1 - $1] } >> shift
    }
    put(block.isWide ? 1 : 0, 2)
    put(block.partitionOrder, 4)
    let size = samples.count >> block.partitionOrder
    for partition in 0..<1 << block.partitionOrder {
      let own = residuals[(max(partition * size, order) - order)..<((partition + 1) * size - order)]
      let width = block.isWide ? 5 : 4
      guard let parameter = block.parameters[partition % block.parameters.count] else {
        let bits =
          own.allSatisfy { $0 == 0 }
          ? 0 : own.map { $0.bitWidth - max($0, ~$0).leadingZeroBitCount + 1 }.max()!
        put(1 << width - 1, width)
        put(bits, 5)
        for residual in own { put(residual, bits) }
        continue
      }
      put(parameter, width)
      for residual in own {
        let folded = residual < 0 ? -2 * residual - 1 : 2 * residual
        put(0, folded >> parameter)
        put(1, 1)
        put(folded, parameter)
      }
    }
  }
}
