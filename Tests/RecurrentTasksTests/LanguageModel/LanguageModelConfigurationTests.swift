import Foundation
import RecurrentTestSupport
import Testing

@Suite struct LanguageModelConfigurationTests {
  /// What was written before an option existed still opens, as a model without it.
  @Test func readsConfigurationsWithoutLaterOptions() throws {
    let written = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1_000_000)
    var members = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(written)) as? [String: Any])
    #expect(members.removeValue(forKey: "precision") as? String == "float32")
    for later in ["cellOptions", "bpttMemory", "adaptiveSoftmax"] { members[later] = nil }
    let data = try JSONSerialization.data(withJSONObject: members)
    #expect(try JSONDecoder().decode(LanguageModelConfiguration.self, from: data) == written)
  }
}
