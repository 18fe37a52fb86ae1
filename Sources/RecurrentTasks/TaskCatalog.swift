/// The tasks that bundles and the command line know by name. A new task gets one line here.
public enum TaskCatalog {
  /// All tasks.
  public static let tasks: [any SequenceTask.Type] = [
    LanguageModelTask.self,
    ClassificationTask.self,
    TaggingTask.self,
    ForecastingTask.self,
    RegressionTask.self,
    SequenceRegressionTask.self,
    TranscriptionTask.self,
    TranslationTask.self,
    SketchTask.self,
    MusicTask.self,
    CaptioningTask.self,
    RecommendationTask.self,
    ReinforcementTask.self,
    ControlTask.self,
    PerformanceTask.self,
  ]

  /// The task of a name; nil where there is none.
  public static func task(named name: String) -> (any SequenceTask.Type)? {
    tasks.first { $0.name == name }
  }
}
