extension TextUnit: NamedSetting {}
extension ChannelScaler.Method: NamedSetting {}

extension Setting where Value == TextUnit {
  /// What a token stands for.
  public static var unit: Setting {
    Setting(
      "unit",
      help:
        "What a token of a text stands for (default: a word; of nucleotide sequences a base, of other capital letters without "
        + "blanks a character).")
  }
}

extension Setting where Value == ChannelScaler.Method {
  /// How channels are scaled.
  public static var scaling: Setting {
    Setting("scaling", standard: FeatureSettings().scaling, help: "How channels are scaled.")
  }
}

extension SoundLevel: NamedSetting {}

extension Setting where Value == SoundLevel {
  static var level: Setting {
    Setting(
      "level",
      help: "What the level of sound is relative to (default: fixed for a causal model, which can stream so)."
    )
  }
}

extension Setting where Value == Int {
  /// The most tokens of a text.
  public static var lengthLimit: Setting {
    Setting(
      "length-limit", .integer(1...1 << 20), "n",
      help: "The most tokens of a text (default: 400, of nucleotide sequences 4000).")
  }
  /// Tell the values of a channel apart by so many ranges.
  public static var ranges: Setting {
    Setting(
      "ranges", .integer(1...256), "n",
      help: "Tell the values of a channel apart by so many ranges: makes thresholds easy to learn.")
  }
  /// Mel bands of sound.
  public static var bands: Setting {
    Setting(
      "bands", .integer(4...512), "n", standard: FeatureSettings().bandCount,
      help: "Mel bands of sound.")
  }
  /// Cepstral coefficients instead of the bands.
  public static var coefficients: Setting {
    Setting("coefficients", .integer(2...128), "n", help: "Cepstral coefficients instead of the bands.")
  }
  /// Frames of sound in a step.
  public static var stack: Setting {
    Setting(
      "stack", .integer(FrameStack.sizes), "n", standard: 1,
      help: "Frames of sound that are one step together.")
  }
  /// Frames from one step to the next.
  public static var stride: Setting {
    Setting(
      "stride", .integer(FrameStack.sizes), "n", standard: 1,
      help: "Frames of sound from one step to the next: 2 halves the steps.")
  }
  /// Differences of spectra beside them.
  public static var deltas: Setting {
    Setting(
      "deltas", .integer(0...2), "n", standard: FeatureSettings().deltaOrder,
      help: "Differences of spectra beside them.")
  }
  /// Move pictures by up to so many pixels.
  public static var shift: Setting {
    Setting("shift", .integer(0...1000), "n", help: "Move pictures by up to so many pixels.")
  }
  /// Spans of time that are masked.
  public static var timeMasks: Setting {
    Setting("time-masks", .integer(0...100), "n", help: "Spans of time that are masked.")
  }
  /// Bands of features that are masked.
  public static var featureMasks: Setting {
    Setting("feature-masks", .integer(0...100), "n", help: "Bands of features that are masked.")
  }
}

extension Setting where Value == [Double] {
  /// Speeds at which each sound of the training part is played.
  public static var speeds: Setting {
    Setting(
      "speeds", .numbers(Sound.speeds, count: nil), "a,b,c", standard: [1],
      help: "Play each sound of the training part at these speeds, such as 0.9,1,1.1: as many examples more.")
  }
}

extension Setting where Value == Bool {
  /// Tell the network how much each word speaks for each class.
  public static var evidence: Setting {
    Setting(
      "evidence", .bool, standard: FeatureSettings().usesEvidence,
      help: "Tell the network how much each word speaks for each class.")
  }
  /// Mirror pictures.
  public static var flips: Setting { Setting("flips", .bool, help: "Mirror pictures.") }
  /// Look back alone.
  public static var causal: Setting {
    Setting("causal", .bool, help: "Look back alone: what streaming needs.")
  }
}

extension Setting where Value == Double {
  /// Samples a second that sound is brought to.
  public static var sampleRate: Setting {
    Setting(
      "sample-rate", .number(50...1e6), "n",
      help: "Samples a second that sound is resampled to (default: the commonest of the training part).")
  }
  /// Noise on the features.
  public static var noise: Setting { Setting("noise", .number(0...10), "x", help: "Noise on the features.") }
  /// Loudness, up to this share.
  public static var scale: Setting {
    Setting("scale", .number(0...0.9), "x", help: "Loudness, up to this share.")
  }
  /// Stretch in time, up to this share.
  public static var stretch: Setting {
    Setting("stretch", .number(0...0.9), "x", help: "Stretch in time, up to this share.")
  }
  /// Cut off the ends, up to this share.
  public static var crop: Setting {
    Setting("crop", .number(0...0.9), "x", help: "Cut off the ends, up to this share.")
  }
  /// The largest span of time that is masked.
  public static var timeMaskSize: Setting {
    Setting(
      "time-mask-size", .number(0...1), "x", standard: 0.1,
      help: "The largest share of the steps in a masked span.")
  }
  /// The largest band of features that is masked.
  public static var featureMaskSize: Setting {
    Setting(
      "feature-mask-size", .number(0...1), "x", standard: 0.2,
      help: "The largest share of the features in a masked band.")
  }
  /// Make pictures brighter or darker.
  public static var brightness: Setting {
    Setting(
      "brightness", .number(0...1), "x", help: "Make pictures brighter or darker, up to this difference.")
  }
  /// Leave out frames, and show others twice.
  public static var frameJitter: Setting {
    Setting(
      "frame-jitter", .number(0...0.5), "p",
      help: "Leave out this share of the frames, and show as many twice.")
  }
  /// Make handwriting lean and wider.
  public static var slant: Setting {
    Setting(
      "slant", .number(0...1), "x",
      help: "Make strokes of a pen lean by up to this tangent, and wider or narrower by as large a share.")
  }
  /// Replace words by the unknown one.
  public static var wordDropout: Setting {
    Setting("word-dropout", .number(0...0.9), "p", help: "Replace words by the unknown one.")
  }
}

extension Setting where Value == [String] {
  /// Convolutions over time.
  public static var convolutions: Setting {
    Setting(
      "convolutions", .texts, "64x5/2,...",
      help: "Convolutions over time: features x steps / stride; none for none.")
  }
  /// Features of the convolutions over a picture.
  public static var pictureConvolutions: Setting {
    Setting("picture-convolutions", .texts, "8,16,...", help: "Features of the convolutions over a picture.")
  }
}

extension FeatureSettings {
  /// How features are made, as settings ask for.
  public init(_ settings: Settings) {
    self.init()
    unit = settings[.unit]
    bases = BaseSettings(settings)
    lengthLimit = settings[.lengthLimit]
    usesEvidence = settings.value(.evidence)
    scaling = settings.value(.scaling)
    rangeCount = settings[.ranges]
    bandCount = settings.value(.bands)
    coefficientCount = settings[.coefficients]
    deltaOrder = settings.value(.deltas)
    sampleRate = settings[.sampleRate]
    let own = FrameStack(size: settings.value(.stack), stride: settings.value(.stride))
    stack = own == FrameStack(size: 1, stride: 1) ? nil : own
    level = settings[.level] ?? (settings[.causal] ?? false ? .fixed : .loudest)
    pen = settings[.pen].map { $0 == ["none"] ? [] : $0 }
    skeleton = settings[.skeleton]
  }
}

extension Augmentation {
  /// These variations, with what is set in place of what the task suggests.
  public func applying(_ settings: Settings) -> Augmentation {
    var own = self
    own.noise = settings[.noise].map { Float($0) } ?? noise
    own.stretch = settings[.stretch].map { Float($0) } ?? stretch
    own.scale = settings[.scale].map { Float($0) } ?? scale
    own.crop = settings[.crop].map { Float($0) } ?? crop
    own.wordDropout = settings[.wordDropout].map { Float($0) } ?? wordDropout
    // a default that somebody says is not written either
    func size(_ setting: Setting<Double>, _ own: Float?) -> Float? {
      let value = settings.value(setting)
      return value == setting.standard ? own : Float(value)
    }
    own.timeMaskSize = size(.timeMaskSize, timeMaskSize)
    own.featureMaskSize = size(.featureMaskSize, featureMaskSize)
    own.brightness = settings[.brightness].map { Float($0) } ?? brightness
    own.frameJitter = settings[.frameJitter].map { Float($0) } ?? frameJitter
    own.slant = settings[.slant].map { Float($0) } ?? slant
    own.rotation = settings[.rotation].map { Float($0 * .pi / 180) } ?? rotation
    let speeds = settings.value(.speeds)
    own.speeds = speeds == [1] ? self.speeds : speeds
    own.timeMasks = settings[.timeMasks] ?? timeMasks
    own.featureMasks = settings[.featureMasks] ?? featureMasks
    own.shift = settings[.shift] ?? shift
    own.flips = settings[.flips] ?? flips
    own.oppositeStrands = settings[.reverseComplement] == true ? true : oppositeStrands
    return own
  }
}

extension SequenceNetworkConfiguration {
  /// Reads what a featurizer gives, pictures through convolutions, and takes over what settings say about the network: the cell,
  /// convolutions over time and over pictures.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)``, also where the network is impossible.
  public mutating func apply(_ settings: Settings, reading featurizer: SequenceFeaturizer) throws(DataError) {
    readPictures(of: featurizer)
    let choice = CellChoice(settings)
    (cell, cellOptions, precision) = (choice.cell, choice.options, choice.precision)
    // a writer of captions has token vectors of its own
    if featurizer.modality == .text { embeddingSize = settings[.embedding] ?? embeddingSize }
    hiddenSize = settings[.hidden] ?? hiddenSize
    layerCount = settings.value(.layers)
    dropoutRate = settings[.dropout].map { Float($0) } ?? dropoutRate
    isCausal = settings[.causal] ?? isCausal
    if picture != nil, let words = settings[.pictureConvolutions] {
      pictureConvolutions = words.compactMap { Int($0) }.filter { (1...4096).contains($0) }
      guard pictureConvolutions.count == words.count else {
        throw .invalidSetting(
          name: "picture-convolutions", expected: "whole numbers such as 8,16,32",
          found: words.joined(separator: ","))
      }
    }
    if let words = settings[.convolutions] {
      convolutions = []
      for word in words where word != "none" {
        guard let one = ConvolutionConfiguration(word: word) else {
          throw .invalidSetting(
            name: "convolutions", expected: "features x steps / stride, such as 64x5/2, or none", found: word)
        }
        convolutions.append(one)
      }
    }
    if let issue {
      throw .invalidSetting(name: "the model", expected: "one that can be made", found: issue)
    }
  }
}

extension ConvolutionConfiguration {
  /// `64x5/2`: features, steps, stride; nil for anything else.
  init?(word: String) {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    let sizes = parts[0].split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard parts.count <= 2, sizes.count == 2, sizes.allSatisfy({ (1...4096).contains($0) }) else {
      return nil
    }
    let stride = parts.count == 2 ? Int(parts[1]) : 1
    guard let stride, (1...1024).contains(stride) else { return nil }
    self.init(size: sizes[0], width: sizes[1], stride: stride)
  }
}
