import Recurrent

/// The settings of a language model that somebody gave: by flags, or in a file under the names of the flags.
struct LanguageModelSettings: Codable {
  var unit: TextUnit?
  var vocabularySize: Int?
  var minCount: Int?
  var cell: CellCatalog?
  var hidden: Int?
  var layers: Int?
  var embedding: Int?
  var tieEmbeddings: Bool?
  var softmax: SoftmaxName?
  var cutoffs: [Int]?
  var adaptiveDivision: Double?
  var dropout: Double?
  var variationalDropout: Bool?
  var initialization: LanguageModelConfiguration.Initialization?
  var precision: Precision?
  var activation: String?
  var peepholes: Bool?
  var coupledGates: Bool?
  var layerNorm: Bool?
  var projection: Int?
  var cellClip: Double?
  var zoneout: Double?
  var zoneoutCell: Double?
  var inputDropout: Double?
  var recurrentDropout: Double?
  var weightDrop: Double?
  var window: Int?
  var heads: Int?
  var sequenceLength: Int?
  var randomSequenceLength: Bool?
  var bpttMemory: MemorySize?
  var batchSize: Int?
  var epochs: Int?
  var optimizer: OptimizerCatalog?
  var learningRate: Double?
  var schedule: ScheduleName?
  var warmUp: Int?
  var clipNorm: Double?
  var clipValue: Double?
  var weightDecay: Double?
  var patience: Int?
  var average: Double?
  var seed: UInt64?
  var split: [Double]?

  enum SoftmaxName: String, Codable, CaseIterable {
    case full, adaptive
  }

  enum ScheduleName: String, Codable, CaseIterable {
    case constant, cosine, step, plateau
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case unit, cell, window, heads, hidden, layers, embedding, dropout, epochs, optimizer, schedule, patience,
      average, seed,
      split
    case softmax, cutoffs
    case adaptiveDivision = "adaptive-division"
    case initialization, precision, activation, peepholes, projection, zoneout
    case coupledGates = "coupled-gates"
    case layerNorm = "layer-norm"
    case cellClip = "cell-clip"
    case zoneoutCell = "zoneout-cell"
    case inputDropout = "input-dropout"
    case recurrentDropout = "recurrent-dropout"
    case weightDrop = "weight-drop"
    case vocabularySize = "vocabulary-size"
    case minCount = "min-count"
    case tieEmbeddings = "tie-embeddings"
    case variationalDropout = "variational-dropout"
    case sequenceLength = "sequence-length"
    case randomSequenceLength = "random-sequence-length"
    case bpttMemory = "bptt-memory"
    case batchSize = "batch-size"
    case learningRate = "learning-rate"
    case warmUp = "warm-up"
    case clipNorm = "clip-norm"
    case clipValue = "clip-value"
    case weightDecay = "weight-decay"
  }

  /// The flags of the settings in a ``LanguageModelConfiguration`` as it is written.
  static let flags: [(key: String, flag: String)] = [
    ("unit", "unit"), ("vocabularySize", "vocabulary-size"), ("minimumCount", "min-count"), ("cell", "cell"),
    ("hiddenSize", "hidden"), ("layerCount", "layers"), ("embeddingSize", "embedding"),
    ("tiesEmbeddings", "tie-embeddings"),
    ("adaptiveSoftmax.cutoffs", "cutoffs"), ("adaptiveSoftmax.division", "adaptive-division"),
    ("adaptiveSoftmax", "softmax"), ("dropoutRate", "dropout"),
    ("isDropoutVariational", "variational-dropout"),
    ("cellOptions.window", "window"), ("cellOptions.headCount", "heads"),
    ("cellOptions.activation", "activation"), ("cellOptions.lstm.hasPeepholes", "peepholes"),
    ("cellOptions.lstm.couplesGates", "coupled-gates"), ("cellOptions.lstm.normalizesLayers", "layer-norm"),
    ("cellOptions.lstm.projectionSize", "projection"), ("cellOptions.lstm.cellClip", "cell-clip"),
    ("cellOptions.regularization.zoneoutCell", "zoneout-cell"),
    ("cellOptions.regularization.zoneout", "zoneout"),
    ("cellOptions.regularization.inputDropout", "input-dropout"),
    ("cellOptions.regularization.recurrentDropout", "recurrent-dropout"),
    ("cellOptions.regularization.weightDrop", "weight-drop"),
    ("initialization", "initialization"), ("precision", "precision"), ("sequenceLength", "sequence-length"),
    ("isSequenceLengthRandom", "random-sequence-length"), ("bpttMemory", "bptt-memory"),
    ("batchSize", "batch-size"),
    ("optimizer", "optimizer"),
    ("learningRate", "learning-rate"), ("weightDecay", "weight-decay"), ("training.epochs", "epochs"),
    ("training.schedule.warmUpSteps", "warm-up"), ("training.schedule", "schedule"),
    ("training.clipNorm", "clip-norm"),
    ("training.clipValue", "clip-value"), ("training.patience", "patience"),
    ("training.averageDecay", "average"),
    ("training.seed", "seed"), ("split", "split"),
  ]

  /// These settings, and those of `other` where there is none.
  func filled(from other: LanguageModelSettings) -> LanguageModelSettings {
    var result = self
    result.unit = unit ?? other.unit
    result.vocabularySize = vocabularySize ?? other.vocabularySize
    result.minCount = minCount ?? other.minCount
    result.cell = cell ?? other.cell
    result.window = window ?? other.window
    result.heads = heads ?? other.heads
    result.hidden = hidden ?? other.hidden
    result.layers = layers ?? other.layers
    result.embedding = embedding ?? other.embedding
    result.tieEmbeddings = tieEmbeddings ?? other.tieEmbeddings
    result.softmax = softmax ?? other.softmax
    result.cutoffs = cutoffs ?? other.cutoffs
    result.adaptiveDivision = adaptiveDivision ?? other.adaptiveDivision
    result.dropout = dropout ?? other.dropout
    result.variationalDropout = variationalDropout ?? other.variationalDropout
    result.initialization = initialization ?? other.initialization
    result.precision = precision ?? other.precision
    result.activation = activation ?? other.activation
    result.peepholes = peepholes ?? other.peepholes
    result.coupledGates = coupledGates ?? other.coupledGates
    result.layerNorm = layerNorm ?? other.layerNorm
    result.projection = projection ?? other.projection
    result.cellClip = cellClip ?? other.cellClip
    result.zoneout = zoneout ?? other.zoneout
    result.zoneoutCell = zoneoutCell ?? other.zoneoutCell
    result.inputDropout = inputDropout ?? other.inputDropout
    result.recurrentDropout = recurrentDropout ?? other.recurrentDropout
    result.weightDrop = weightDrop ?? other.weightDrop
    result.sequenceLength = sequenceLength ?? other.sequenceLength
    result.randomSequenceLength = randomSequenceLength ?? other.randomSequenceLength
    result.bpttMemory = bpttMemory ?? other.bpttMemory
    result.batchSize = batchSize ?? other.batchSize
    result.epochs = epochs ?? other.epochs
    result.optimizer = optimizer ?? other.optimizer
    result.learningRate = learningRate ?? other.learningRate
    result.schedule = schedule ?? other.schedule
    result.warmUp = warmUp ?? other.warmUp
    result.clipNorm = clipNorm ?? other.clipNorm
    result.clipValue = clipValue ?? other.clipValue
    result.weightDecay = weightDecay ?? other.weightDecay
    result.patience = patience ?? other.patience
    result.average = average ?? other.average
    result.seed = seed ?? other.seed
    result.split = split ?? other.split
    return result
  }

  /// The full configuration: what was given, and for the rest what the size of the text suggests.
  func resolved(tokenCount: Int, hasValidationFiles: Bool) -> LanguageModelConfiguration {
    var result = LanguageModelConfiguration.standard(unit: unit ?? .character, tokenCount: tokenCount)
    result.vocabularySize = vocabularySize ?? result.vocabularySize
    result.minimumCount = minCount ?? result.minimumCount
    result.cell = cell ?? result.cell
    result.hiddenSize = hidden ?? result.hiddenSize
    result.layerCount = layers ?? result.layerCount
    result.embeddingSize = embedding ?? result.embeddingSize
    result.tiesEmbeddings = tieEmbeddings ?? result.tiesEmbeddings
    let wantsClusters = cutoffs != nil || adaptiveDivision != nil
    if softmax ?? (wantsClusters ? .adaptive : .full) == .adaptive {
      result.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(
        cutoffs: cutoffs ?? [], division: adaptiveDivision ?? 4)
    }
    result.dropoutRate = dropout.map { Float($0) } ?? result.dropoutRate
    result.isDropoutVariational = variationalDropout ?? result.isDropoutVariational
    result.initialization = initialization ?? result.initialization
    result.precision = precision ?? result.precision
    result.cellOptions = cellOptions == CellOptions() ? nil : cellOptions
    result.sequenceLength = sequenceLength ?? result.sequenceLength
    result.isSequenceLengthRandom = randomSequenceLength ?? result.isSequenceLengthRandom
    result.bpttMemory = bpttMemory
    // as many streams as have a window of that length, when nobody says how many
    while batchSize == nil, result.batchSize > 1, result.batchSize * result.sequenceLength >= tokenCount {
      result.batchSize /= 2
    }
    result.batchSize = batchSize ?? result.batchSize
    if let optimizer {
      result.optimizer = optimizer
      if optimizer != .adam { result.learningRate = optimizer.usualLearningRate }
    }
    result.learningRate = learningRate ?? result.learningRate
    result.weightDecay = weightDecay ?? (result.optimizer == .adamw ? 1e-2 : 0)
    result.training.epochs = epochs ?? result.training.epochs
    if let schedule {
      switch schedule {
      case .constant: result.training.schedule.shape = .constant
      case .cosine: result.training.schedule.shape = .cosine(final: 0.05)
      case .step:
        result.training.schedule.shape = .step(epochs: max(1, result.training.epochs / 3), factor: 0.3)
      case .plateau: result.training.schedule.shape = .plateau(patience: 1, factor: 0.5)
      }
    }
    result.training.schedule.warmUpSteps = warmUp ?? 0
    result.training.clipNorm = clipNorm.map { $0 > 0 ? $0 : nil } ?? result.training.clipNorm
    result.training.clipValue = clipValue
    result.training.patience = patience
    result.training.averageDecay = average
    result.training.seed = seed ?? 1
    result.split = hasValidationFiles ? nil : split ?? result.split
    return result
  }

  /// What the cells are to do beyond their plain equations; only of use without ``problems``.
  private var cellOptions: CellOptions {
    var options = CellOptions()
    options.activation = activation.flatMap { Activation(flag: $0) }
    options.lstm.hasPeepholes = peepholes ?? false
    options.lstm.couplesGates = coupledGates ?? false
    options.lstm.normalizesLayers = layerNorm ?? false
    options.lstm.projectionSize = projection
    options.lstm.cellClip = cellClip.map { Float($0) }
    options.regularization.zoneout = Float(zoneout ?? 0)
    options.regularization.zoneoutCell = Float(zoneoutCell ?? 0)
    options.regularization.inputDropout = Float(inputDropout ?? 0)
    options.regularization.recurrentDropout = Float(recurrentDropout ?? 0)
    options.regularization.weightDrop = Float(weightDrop ?? 0)
    options.window = window
    options.headCount = heads
    return options
  }

  /// Why the cell cannot be what the settings ask for, flags and file together; nil when it can.
  var objection: String? {
    let cell = cell ?? .lstm
    return cell.objection(to: cellOptions)
      ?? cell.objection(to: precision ?? .float32, options: cellOptions, inTraining: true)
  }

  /// What is out of range: the name of each setting and one sentence.
  var problems: [(name: String, text: String)] {
    var problems: [(name: String, text: String)] = []
    func check<T>(_ name: CodingKeys, _ value: T?, _ expected: String, _ isRight: (T) -> Bool) {
      if let value, !isRight(value) {
        problems.append((name.rawValue, "\(name.rawValue) is \(value), expected \(expected)"))
      }
    }
    let sizes: [(CodingKeys, Int?, Int)] = [
      (.window, window, 1 << 10), (.heads, heads, 1 << 10), (.hidden, hidden, 1 << 16),
      (.layers, layers, 256), (.embedding, embedding, 1 << 16),
      (.sequenceLength, sequenceLength, 1 << 24), (.batchSize, batchSize, 1 << 20),
      (.epochs, epochs, 1 << 20),
      (.minCount, minCount, 1 << 30), (.patience, patience, 1 << 20),
    ]
    for (name, value, most) in sizes {
      check(name, value, "a whole number from 1 to \(most)") { (1...most).contains($0) }
    }
    check(.vocabularySize, vocabularySize, "a whole number from 2 to \(1 << 24)") {
      (2...1 << 24).contains($0)
    }
    check(.cutoffs, cutoffs, "whole numbers that rise from 1, such as 2000,10000") {
      AdaptiveSoftmax.isValid(cutoffs: $0, classCount: .max)
    }
    check(.adaptiveDivision, adaptiveDivision, "at least 1") { $0 >= 1 && $0.isFinite }
    check(.softmax, softmax, "adaptive where cutoffs or adaptive-division is given") {
      $0 == .adaptive || (cutoffs == nil && adaptiveDivision == nil)
    }
    // as the model keeps it: 0.99999999 would round to 1
    check(.dropout, dropout, "at least 0 and below 1") { $0 >= 0 && Float($0) < 1 }
    check(.precision, precision, "float32 or bfloat16; int8 is for models that are trained") { $0 != .int8 }
    let rates: [(CodingKeys, Double?)] = [
      (.zoneout, zoneout), (.zoneoutCell, zoneoutCell), (.inputDropout, inputDropout),
      (.recurrentDropout, recurrentDropout), (.weightDrop, weightDrop),
    ]
    for (name, rate) in rates { check(name, rate, "at least 0 and below 1") { $0 >= 0 && Float($0) < 1 } }
    check(.projection, projection, "a whole number from 1 to \(1 << 16)") { (1...1 << 16).contains($0) }
    check(.cellClip, cellClip, "a positive number") { $0 > 0 && Float($0).isFinite && Float($0) > 0 }
    check(
      .activation, activation,
      "one of \(Activation.Form.allCases.map(\.rawValue).joined(separator: ", ")), with its alpha and beta behind "
        + "colons where it has them, such as leaky-relu:0.1"
    ) { Activation(flag: $0) != nil }
    check(.learningRate, learningRate, "a positive number") { $0 > 0 && $0.isFinite }
    check(.warmUp, warmUp, "a whole number of steps from 0 to \(1 << 40)") { (0...1 << 40).contains($0) }
    check(.clipNorm, clipNorm, "a positive number, or 0 for no clipping") { $0 >= 0 && $0.isFinite }
    check(.clipValue, clipValue, "a positive number") { $0 > 0 && $0.isFinite }
    check(.weightDecay, weightDecay, "0 or more") { $0 >= 0 && $0.isFinite }
    check(.average, average, "at least 0 and below 1") { $0 >= 0 && $0 < 1 }
    check(.split, split, "three shares that add up to 1, the first above 0, such as 0.9,0.05,0.05") {
      $0.count == 3 && $0.allSatisfy { $0 >= 0 } && $0[0] > 0 && abs($0.reduce(0, +) - 1) < 1e-6
    }
    return problems
  }
}

extension Activation {
  /// `tanh`, `leaky-relu:0.1`, `hard-sigmoid:0.2:0.5`; nil for anything else.
  init?(flag: String) {
    let parts = flag.split(separator: ":", omittingEmptySubsequences: false)
    guard let form = Form(rawValue: String(parts[0])), parts.count <= 3 else { return nil }
    let numbers = parts.dropFirst().map { Float($0) }
    guard numbers.allSatisfy({ $0?.isFinite ?? false }) else { return nil }
    self.init(
      form, alpha: numbers.first ?? nil, beta: numbers.count > 1 ? numbers[numbers.startIndex + 1] : nil)
  }
}
