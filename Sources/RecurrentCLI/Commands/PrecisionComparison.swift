import ArgumentParser
import Recurrent

/// The option of the commands that use a trained model.
enum PrecisionOption {
  static let help = ArgumentHelp(
    "What the recurrent layers round the operands of their products to (default: what the model was trained in).",
    valueName: "name")
}

extension TrainedLanguageModel {
  /// The same model in `precision`.
  ///
  /// - Throws: ``RunError`` when its cells would compute in float32 all the same.
  func checked(precision: Precision) throws -> TrainedLanguageModel {
    let configuration = description.configuration
    let options = configuration.cellOptions ?? CellOptions()
    if let objection = configuration.cell.objection(to: precision, options: options, inTraining: false) {
      throw RunError.precision(objection)
    }
    return with(precision: precision)
  }
}

/// An evaluation in a precision beside one in float32: what the precision costs.
struct PrecisionComparison: Encodable {
  let precision: Precision
  let evaluation: LanguageModelEvaluation
  let float32: LanguageModelEvaluation

  /// Nats a token above float32; below zero when the rounding happens to help.
  var natsAboveFloat32: Double { evaluation.nats - float32.nats }

  private enum CodingKeys: String, CodingKey {
    case precision, float32Nats, float32BitsPerCharacter, natsAboveFloat32
  }

  /// The fields of the evaluation and beside them the comparison.
  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(precision, forKey: .precision)
    try container.encode(float32.nats, forKey: .float32Nats)
    try container.encode(float32.bitsPerCharacter, forKey: .float32BitsPerCharacter)
    try container.encode(natsAboveFloat32, forKey: .natsAboveFloat32)
  }

  /// Lines for people, to stand behind those of the evaluation.
  var lines: [String] {
    let sign = natsAboveFloat32 < 0 ? "-" : "+"
    return [
      "precision      \(precision.rawValue)",
      "in float32     \(rounded(float32.nats, 4)) nats, \(rounded(float32.bitsPerCharacter, 4)) bits a character",
      "difference     \(sign)\(rounded(abs(natsAboveFloat32), 6)) nats",
    ]
  }
}
