import Recurrent

extension Problem {
  /// Our language model with the parameters that everybody has.
  func makeLanguageModel(dropout: Float) -> LanguageModel {
    var settings = Settings()
    settings[.unit] = .word
    var configuration = LanguageModelTask.standard(tokenCount: 1_000_000, settings).configuration
    configuration.cell =
      switch cell ?? .lstm {
      case .lstm: .lstm
      case .gru: .gru
      case .elman: .elman
      case .elmanReLU: .elmanReLU
      }
    configuration.embeddingSize = self["E"]
    configuration.hiddenSize = self["H"]
    configuration.layerCount = self["layers"]
    configuration.dropoutRate = dropout
    let key = RandomKey(seed: 1)
    var model = LanguageModel(configuration, vocabularySize: self["V"], key: key)
    model.recurrent = RecurrentLayer(
      layerCount: self["layers"], inputSize: self["E"], dropoutRate: dropout, key: key
    ) { makeCell(inputSize: $0, key: $1) }
    .filled { _ in 1 / Float(self["H"]).squareRoot() }
    let bound = 1 / Float(self["H"]).squareRoot()
    let recurrent = model.recurrent
    model = model.filled { $0.hasPrefix("embedding") ? 1 : bound }
    model.recurrent = recurrent  // filled above under the names that its parameters have without a prefix
    return model
  }
}

/// One training after the other: embedding, layers, loss, backward, clipping, optimiser; the state carried.
private final class LanguageModelTraining {
  private var model: LanguageModel
  private var optimizer: any Optimizer
  private var state: LanguageModel.State?
  private var number = 0
  private let inputs, targets: Indices
  private let clip: Double

  init(_ problem: Problem, dropout: Float) {
    model = problem.makeLanguageModel(dropout: dropout)
    let rate = problem.numbers["rate"] ?? 1
    optimizer = problem.options["optimizer"] == "adam" ? Adam(learningRate: rate) : SGD(learningRate: rate)
    clip = problem.numbers["clip"] ?? 5
    let (shape, vocabulary) = ([problem["T"], problem["B"]], problem["V"])
    inputs = SharedNumbers.tokens("tokens", shape: shape, vocabulary: vocabulary)
    targets = SharedNumbers.tokens("targets", shape: shape, vocabulary: vocabulary)
  }

  /// One step; returns the loss before it.
  func step() -> Double {
    number += 1
    let key = RandomKey(seed: 1).child(number)
    let before = state
    let (loss, after, gradient) = valueAndGradient(of: model) { model in
      let (logits, next) = model(inputs, state: before, mode: .training(key))
      return (crossEntropy(logits, targets), next.detached)
    }
    state = after
    optimizer.update(&model, gradient, gradientScale: clippingScale(norm: gradient.norm, limit: clip))
    return Double(loss.scalar)
  }
}

extension Work {
  /// Whole training steps. Checked without dropout, whose masks differ, by the losses of the first three steps.
  static func languageModel(_ problem: Problem) -> Work {
    let training = LanguageModelTraining(problem, dropout: Float(problem.numbers["dropout"] ?? 0))
    return Work(
      run: { milliseconds { _ = training.step() } },
      check: {
        let training = LanguageModelTraining(problem, dropout: 0)
        return Dictionary(uniqueKeysWithValues: (1...3).map { ("loss \($0)", training.step()) })
      })
  }

  /// Tokens drawn one after the other from a language model; the time is that of one token.
  static func generation(_ problem: Problem) -> Work {
    let model = problem.makeLanguageModel(dropout: 0)
    // V - 1 letters and the unknown one
    let letters = String(
      String.UnicodeScalarView((0..<problem["V"] - 1).compactMap { Unicode.Scalar(0x4E00 + UInt32($0)) }))
    guard let vocabulary = try? TextVocabulary.fit(unit: .character, texts: [letters]) else {
      fatalError("a vocabulary of \(problem["V"]) letters cannot be made")
    }
    let length = problem["length"]
    return Work(
      run: {
        let session = LanguageModelSession(model: model, vocabulary: vocabulary)
        var generator = TextGenerator(
          session, sampler: Sampler(temperature: 0.8), length: length, key: RandomKey(seed: 1))
        return milliseconds { while generator.next() != nil {} } / Double(length)
      },
      check: { ["output": model(Indices([0, 1, 2, 3, 4], shape: [5, 1])).logits.norm] })
  }

  /// x [M, K] times a weight [N, K] transposed.
  static func product(_ problem: Problem) -> Work {
    let (m, k, n) = (problem["M"], problem["K"], problem["N"])
    let x = SharedNumbers.tensor("x", shape: [m, k], bound: 1)
    var linear = Linear(inputSize: k, outputSize: n, hasBias: false, key: RandomKey(seed: 1))
    linear.weight = SharedNumbers.tensor("weight", shape: [n, k], bound: 1)
    let prepared = linear.packed()
    let runs = max(1, 20_000_000 / (m * k * n))
    return Work(
      run: { milliseconds { for _ in 0..<runs { _ = prepared(x) } } / Double(runs) },
      check: { ["output": prepared(x).norm] })
  }
}
