import Testing

@testable import RecurrentDecoding

@Suite struct CTCSearchSettingsTests {
  @Test func namesWhatIsImpossible() {
    #expect(CTCSearchSettings().issue == nil && CTCSearchSettings.exhaustive.issue == nil)
    let changes: [(part: String, change: (inout CTCSearchSettings) -> Void)] = [
      ("beam width", { $0.beamWidth = 0 }), ("beam width", { $0.beamWidth = -1 }),
      ("beam threshold", { $0.beamThreshold = 0 }), ("beam threshold", { $0.beamThreshold = .nan }),
      ("number of tokens", { $0.tokensPerFrame = 0 }), ("floor", { $0.tokenFloor = .nan }),
      ("blank threshold", { $0.blankThreshold = 0 }), ("blank threshold", { $0.blankThreshold = .nan }),
      ("after 0 frames", { $0.commitAfter = 0 }),
    ]
    for (part, change) in changes {
      var settings = CTCSearchSettings()
      change(&settings)
      #expect(settings.issue?.contains(part) == true, "\(part): \(settings.issue ?? "no issue")")
    }
  }

  @Test func aSearchTrapsOnThem() async {
    await #expect(processExitsWith: .failure) {
      var settings = CTCSearchSettings()
      settings.beamWidth = 0
      _ = CTCSearch(units: .letters, settings: settings)
    }
    await #expect(processExitsWith: .failure) {
      var settings = CTCSearchSettings()
      settings.beamThreshold = .nan
      _ = CTCSearch(units: .letters, settings: settings)
    }
  }
}
