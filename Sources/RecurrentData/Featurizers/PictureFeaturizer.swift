/// Pictures as brightness of so many pixels.
public struct PictureFeaturizer: Featurizer {
  /// What it reads: pictures.
  public static let modality = Modality.pictures

  /// Rows that pictures are brought to.
  public var height: Int
  /// Columns that pictures are brought to.
  public var width: Int
  /// The scale of the training part.
  public private(set) var scale = PictureScale()

  /// A size.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The size for pictures of another: as they are up to a side of 64, else smaller in the same proportion.
  public init(fitting pictures: FrameSequence) {
    let longest = max(pictures.width, pictures.height)
    let scale = longest > 64 ? 64 / Double(longest) : 1
    height = max(1, Int((Double(pictures.height) * scale).rounded()))
    width = max(1, Int((Double(pictures.width) * scale).rounded()))
  }

  /// Finds out the size, by that of the first pictures, and the scale of brightness and motion.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: PictureFeaturizer, notes: [DataNote]) {
    let pictures = try records.first().pictures()
    var own = PictureFeaturizer(fitting: pictures)
    own.scale = try PictureScale(fitting: records.count) { index in
      progress(Double(index) / Double(records.count))
      return try own(records.record(index))
    }
    let note = DataNote(
      .found,
      "pictures of \(pictures.width) x \(pictures.height), read as \(own.width) x \(own.height) in grey")
    return (own, [note])
  }

  /// The features of pictures, row by row of each.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence { self(try record.pictures()) }

  /// Pictures, of a GIF without drawing them.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int {
    if record.segment == nil, case .file(let source) = record.content, let file = try? DataBytes(source),
      file.format == .gif
    {
      return try GIFFile.durations(of: file).count
    }
    return try record.pictures().frames.count
  }

  /// Numbers of a step.
  public var featureCount: Int { height * width }

  /// The features of pictures, row by row of each.
  func callAsFunction(_ pictures: FrameSequence) -> FeatureSequence {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pictures.frames.count * featureCount)
    for frame in pictures.frames.indices {
      let grey = pictures.grey(frame)
      bytes += resized(grey, from: (pictures.height, pictures.width)).map {
        UInt8(min(max(($0 * 255).rounded(), 0), 255))
      }
    }
    return FeatureSequence(featureCount: featureCount, bytes: bytes)
  }

  /// The mean over the area that each pixel covers.
  private func resized(_ grey: [Float], from size: (height: Int, width: Int)) -> [Float] {
    if size == (height, width) { return grey }
    let rows = PictureFeaturizer.shares(from: size.height, to: height)
    let columns = PictureFeaturizer.shares(from: size.width, to: width)
    var result: [Float] = []
    for row in rows {
      for column in columns {
        var sum: Float = 0
        for (y, rowShare) in row {
          for (x, columnShare) in column { sum += grey[y * size.width + x] * rowShare * columnShare }
        }
        result.append(sum)
      }
    }
    return result
  }

  /// For each of `target` places which of `count` it covers, and by which share.
  private static func shares(from count: Int, to target: Int) -> [[(place: Int, share: Float)]] {
    let scale = Double(count) / Double(target)
    return (0..<target).map { index in
      let (low, high) = (Double(index) * scale, Double(index + 1) * scale)
      let last = min(count - 1, Int((high - 1e-9).rounded(.down)))
      return (Int(low.rounded(.down))...max(Int(low.rounded(.down)), last)).map { place in
        let covered = min(high, Double(place + 1)) - max(low, Double(place))
        return (place, Float(covered / scale))
      }
    }
  }
}
