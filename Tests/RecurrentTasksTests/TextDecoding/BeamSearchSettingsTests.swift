import Testing

@testable import RecurrentTasks

@Suite struct BeamSearchSettingsTests {
  /// The form of the length penalty alone keeps its power, the power alone its form.
  @Test func formsOfTheLengthPenalty() {
    func applied(_ base: BeamSearchSettings, _ set: (inout Settings) -> Void) -> LengthPenalty {
      var settings = Settings()
      set(&settings)
      return base.applying(settings).lengthPenalty
    }
    var search = BeamSearchSettings(lengthPenalty: .average(alpha: 0.5))
    #expect(applied(search) { _ in } == .average(alpha: 0.5))
    #expect(applied(search) { $0[.lengthPenalty] = 0.8 } == .average(alpha: 0.8))
    #expect(applied(search) { $0[.lengthPenaltyForm] = .wu } == .wu(alpha: 0.5))
    search.lengthPenalty = .wu(alpha: 0.5)
    #expect(applied(search) { $0[.lengthPenalty] = 0.8 } == .wu(alpha: 0.8))
    #expect(applied(search) { $0[.lengthPenaltyForm] = .avg } == .average(alpha: 0.5))
    search.lengthPenalty = .none
    #expect(applied(search) { $0[.lengthPenaltyForm] = .wu } == .wu(alpha: 1))
    #expect(applied(search) { $0[.lengthPenalty] = 0.3 } == .average(alpha: 0.3))
  }
}
