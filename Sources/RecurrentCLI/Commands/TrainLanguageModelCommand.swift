import ArgumentParser
import Recurrent

/// `recurrent train language-model`.
struct TrainLanguageModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language-model",
    abstract: "Train a model that foretells the next character, byte, word or byte pair of a text.",
    discussion: """
      Where no default is given the size of the text decides; every setting is written into the bundle. A training that was \
      interrupted, even by kill -9, goes on with --resume and ends in the same model, bit for bit.

      Example:

        recurrent train language-model book.txt --output book.bundle
        recurrent train language-model a.txt b.txt --valid c.txt \\
          --cell gru --layers 2 --epochs 20 --output ab.bundle
        recurrent train language-model book.txt --cell lstm --layer-norm --zoneout 0.1 --output book.bundle
      """)

  @Argument(help: ArgumentHelp("Files of UTF-8 text; several are one text.", valueName: "text"))
  var data: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "bundle"))
  var output: String

  @Option(
    help: ArgumentHelp("A file of text for validation; may be given more than once.", valueName: "file"))
  var valid: [String] = []

  @Option(
    help: ArgumentHelp(
      "Shares of the text for training, validation and test (default: 0.9,0.05,0.05).", valueName: "a,b,c"))
  var split: String?

  @Option(
    help: ArgumentHelp("Settings under the names of these flags, JSON or YAML; flags win.", valueName: "file")
  )
  var config: String?

  @OptionGroup(title: "Text") var textOptions: TextOptions
  @OptionGroup(title: "Model") var modelOptions: ModelOptions
  @OptionGroup(title: "Cell") var cellOptions: CellFlags
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions

  @Flag(help: "Go on with an interrupted training.")
  var resume = false

  @Flag(help: "Replace a bundle or an unfinished training that stands at the output.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "Write an event file for TensorBoard (losses, rates, histograms of weights and gradients, samples) and metrics.csv.",
      valueName: "folder"))
  var tensorboard: String?

  @Flag(help: "Write one event a line, as JSON, to the standard output.")
  var json = false

  @Option(help: .hidden)
  var checkpointSeconds = 30.0

  @OptionGroup var compute: ComputeOptions

  struct TextOptions: ParsableArguments {
    @Option(help: "What one token stands for (default: character).")
    var unit: TextUnit?
    @Option(
      help: ArgumentHelp(
        "The most tokens (default: all characters, 10000 words, 2000 byte pairs).", valueName: "n"))
    var vocabularySize: Int?
    @Option(help: ArgumentHelp("How often a token must occur to be kept (default: 1).", valueName: "n"))
    var minCount: Int?
  }

  struct ModelOptions: ParsableArguments {
    @Option(help: "The recurrent cell (default: lstm).")
    var cell: CellCatalog?
    @Option(help: ArgumentHelp("Units in a recurrent layer.", valueName: "n"))
    var hidden: Int?
    @Option(help: ArgumentHelp("Recurrent layers (default: 1).", valueName: "n"))
    var layers: Int?
    @Option(help: ArgumentHelp("Width of the token vectors.", valueName: "n"))
    var embedding: Int?
    @Flag(inversion: .prefixedNo, help: "Use the token vectors as the weights of the output.")
    var tieEmbeddings: Bool?
    @Option(
      help: ArgumentHelp(
        "The output: one softmax over all tokens (default), or an adaptive one, which is faster and smaller for large "
          + "vocabularies and spends little on rare tokens.", valueName: "name"))
    var softmax: LanguageModelSettings.SoftmaxName?
    @Option(
      help: ArgumentHelp(
        "Where the clusters of the adaptive softmax begin, in tokens by falling frequency (default: a tenth and two "
          + "fifths of the vocabulary).", valueName: "a,b,..."))
    var cutoffs: String?
    @Option(
      help: ArgumentHelp(
        "How much narrower each cluster is than the one before (default: 4).", valueName: "x"))
    var adaptiveDivision: Double?
    @Option(
      help: ArgumentHelp(
        "Dropout rate on token vectors, between layers and before the output.", valueName: "p"))
    var dropout: Double?
    @Flag(inversion: .prefixedNo, help: "One dropout mask for all steps of a window.")
    var variationalDropout: Bool?
    @Option(help: ArgumentHelp("How recurrent weights are drawn (default: uniform).", valueName: "name"))
    var initialization: LanguageModelConfiguration.Initialization?
    @Option(
      help: ArgumentHelp(
        "What the recurrent layers round the operands of their products to: float32 (default) or bfloat16, which is "
          + "faster on processors that have it; parameters stay float32.", valueName: "name"))
    var precision: Precision?
  }

  struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Steps of a window of backpropagation through time.", valueName: "n"))
    var sequenceLength: Int?
    @Flag(inversion: .prefixedNo, help: "Vary the lengths of windows at random, as AWD-LSTM does.")
    var randomSequenceLength: Bool?
    @Option(
      help: ArgumentHelp(
        "The memory that the training may take, such as 512MB or 2GiB: windows that are too long for it are computed again "
          + "in chunks, with the same gradient (default: no limit).", valueName: "size"),
      transform: { try MemorySize($0) })
    var bpttMemory: MemorySize?
    @Option(help: ArgumentHelp("Streams that the text is cut into.", valueName: "n"))
    var batchSize: Int?
    @Option(help: ArgumentHelp("Passes over the text.", valueName: "n"))
    var epochs: Int?
    @Option(help: ArgumentHelp("The optimiser (default: adam).", valueName: "name"))
    var optimizer: OptimizerCatalog?
    @Option(help: ArgumentHelp("The learning rate, after warm-up.", valueName: "x"))
    var learningRate: Double?
    @Option(
      help: ArgumentHelp(
        "How it changes: not at all, down to 5 % by a cosine (default), times 0.3 after each third of the epochs, or "
          + "times 0.5 when the validation loss does not fall for two epochs.", valueName: "name"))
    var schedule: LanguageModelSettings.ScheduleName?
    @Option(help: ArgumentHelp("Steps over which the learning rate rises first.", valueName: "n"))
    var warmUp: Int?
    @Option(
      help: ArgumentHelp("The largest norm of the gradient; 0 for no limit (default: 1).", valueName: "x"))
    var clipNorm: Double?
    @Option(
      help: ArgumentHelp(
        "The largest magnitude of an element of the gradient (default: no limit).", valueName: "x"))
    var clipValue: Double?
    @Option(help: ArgumentHelp("The decay of the weights (default: 0, for adamw 0.01).", valueName: "x"))
    var weightDecay: Double?
    @Option(help: ArgumentHelp("Stop after so many epochs without a better validation loss.", valueName: "n"))
    var patience: Int?
    @Option(
      help: ArgumentHelp(
        "Keep a running average of the weights with this decay, such as 0.999.", valueName: "x"))
    var average: Double?
    @Option(
      help: ArgumentHelp("The same seed gives the same model, byte for byte (default: 1).", valueName: "n"))
    var seed: UInt64?
  }

  /// What the flags say.
  func settings() throws -> LanguageModelSettings {
    var settings = LanguageModelSettings()
    settings.unit = textOptions.unit
    settings.vocabularySize = textOptions.vocabularySize
    settings.minCount = textOptions.minCount
    settings.cell = modelOptions.cell
    settings.hidden = modelOptions.hidden
    settings.layers = modelOptions.layers
    settings.embedding = modelOptions.embedding
    settings.tieEmbeddings = modelOptions.tieEmbeddings
    settings.softmax = modelOptions.softmax
    settings.adaptiveDivision = modelOptions.adaptiveDivision
    if let cutoffs = modelOptions.cutoffs {
      let parts = cutoffs.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.allSatisfy({ $0 != nil }) else {
        throw ValidationError(
          "--cutoffs is \"\(cutoffs)\", expected whole numbers that rise, such as 2000,10000")
      }
      settings.cutoffs = parts.compactMap { $0 }
    }
    settings.dropout = modelOptions.dropout
    settings.variationalDropout = modelOptions.variationalDropout
    settings.initialization = modelOptions.initialization
    settings.precision = modelOptions.precision
    cellOptions.put(into: &settings)
    settings.sequenceLength = trainingOptions.sequenceLength
    settings.randomSequenceLength = trainingOptions.randomSequenceLength
    settings.bpttMemory = trainingOptions.bpttMemory
    settings.batchSize = trainingOptions.batchSize
    settings.epochs = trainingOptions.epochs
    settings.optimizer = trainingOptions.optimizer
    settings.learningRate = trainingOptions.learningRate
    settings.schedule = trainingOptions.schedule
    settings.warmUp = trainingOptions.warmUp
    settings.clipNorm = trainingOptions.clipNorm
    settings.clipValue = trainingOptions.clipValue
    settings.weightDecay = trainingOptions.weightDecay
    settings.patience = trainingOptions.patience
    settings.average = trainingOptions.average
    settings.seed = trainingOptions.seed
    if let split {
      let parts = split.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard parts.count == 3, parts.allSatisfy({ $0 != nil }) else {
        throw ValidationError("--split is \"\(split)\", expected three shares such as 0.9,0.05,0.05")
      }
      settings.split = parts.compactMap { $0 }
    }
    return settings
  }

  func validate() throws {
    if let problem = try settings().problems.first { throw ValidationError("--\(problem.text)") }
    if split != nil, !valid.isEmpty {
      throw ValidationError("--split cuts the text and --valid names files for validation; use one of them")
    }
    guard checkpointSeconds >= 0 else {
      throw ValidationError("--checkpoint-seconds is \(checkpointSeconds), expected 0 or more")
    }
    if output.isEmpty { throw ValidationError("--output is empty, expected the path of a folder") }
  }

  func run() throws {
    var given = try settings()
    if let config {
      given = given.filled(from: try ConfigurationFile.read(config))
    }
    let settings = given
    if let objection = settings.objection { throw ValidationError(objection) }
    try compute.run {
      try LanguageModelRun(
        data: data, valid: valid, output: output, settings: settings, resumes: resume, overwrites: overwrite,
        isJSON: json, tensorBoard: tensorboard, checkpointSeconds: checkpointSeconds
      ).run()
    }
  }
}
