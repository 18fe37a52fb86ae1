/// An example with the features of a sequence.
public protocol FeatureExample: Sendable {
  /// What is read.
  var features: FeatureSequence { get set }
}

/// A task whose network reads the features that a ``SequenceFeaturizer`` makes of sequences of any modality.
public protocol FeatureTask: BatchedTask where Example: FeatureExample {
  /// From sequences to features.
  var featurizer: SequenceFeaturizer { get }
  /// What a training changes at random.
  var augmentation: Augmentation { get }
  /// The network that reads the features.
  var network: SequenceNetworkConfiguration { get }
}

extension FeatureTask {
  /// Examples are trained on as they are.
  public var augmentation: Augmentation { Augmentation() }

  /// Steps of the features.
  public func cost(of example: Example) -> Int { example.features.stepCount }

  /// The modality of the records that the featurizer reads.
  public var modality: Modality { featurizer.modality }

  /// The bytes of the features, `[T, F]` or tokens `[T]`.
  public func memory(of example: Example) -> Int { example.features.byteCount }

  /// The target alone.
  public func withoutInput(_ example: Example) -> Example {
    var copy = example
    copy.features = FeatureSequence(tokens: [])
    return copy
  }

  /// An example with its features changed as the augmentation says.
  public func augmented(_ example: Example, key: RandomKey) -> Example { changed(example, key: key) }

  /// The same; a task whose augmentation has conditions of its own begins with it.
  func changed(_ example: Example, key: RandomKey) -> Example {
    guard augmentation.isOn else { return example }
    var copy = example
    if case .strokes(let own) = featurizer {
      copy.features = own.varied(
        copy.features, slant: augmentation.slant ?? 0, rotation: augmentation.rotation ?? 0, key: key.child(5)
      )
    }
    if drawsOppositeStrand(key), let strandFeaturizer {
      copy.features = strandFeaturizer.oppositeStrand(copy.features)
    }
    copy.features = augmentation(
      copy.features, picture: network.picture, frames: featurizer.framesOfStep, key: key)
    return copy
  }

  /// Whether the network looks back alone.
  public var isCausal: Bool { network.isCausal }
}

extension FeatureTask where Session.Step == FeatureSequence {
  /// The features of each step.
  public func steps(of example: Example) -> [FeatureSequence] {
    (0..<example.features.stepCount).map { example.features.part($0..<$0 + 1) }
  }
}

extension FeatureTask where StepReader == FeatureStream {
  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream() }
}
