import RecurrentDecoding
import Testing

@Suite struct NGramModelStoredTests {
  @Test(arguments: ["arpa", "probing"]) func statesComeBack(_ form: String) throws {
    let fixture = try NGramFixture()
    let model = try NGramModel(bytes: fixture.bytes("estimated/\(form)"))
    var states: Set<NGramModel.State> = [model.start]
    for sentence in try fixture.sentences {
      var state = model.start
      for word in sentence {
        state = model.score(model.token(of: word) ?? model.unknown, after: state).state
        states.insert(state)
      }
    }
    #expect(states.count > 2)
    for state in states { #expect(model.state(of: model.stored(state)) == state) }
    for damaged in [[], [0], [0, 0, 0], [0, 1], [-1, -1], [.max, .max], [.min, 0]] as [[Int64]] {
      #expect(model.state(of: damaged) == nil, "\(damaged)")
    }
  }

  @Test func statesOfATreeAreItsContexts() throws {
    let model = try NGramModel(bytes: NGramFixture().bytes("estimated/arpa"))
    let count = Int64(model.counts.dropLast().reduce(0, +))
    let root = Int64(UInt32.max)
    for sound in [0, count - 1, root] { #expect(model.state(of: [sound, 0]) != nil, "\(sound)") }
    for damaged in [count, root - 1, root + 1, -1] {
      #expect(model.state(of: [damaged, 0]) == nil, "\(damaged)")
    }
  }

  @Test func statesOfTablesAreWords() throws {
    let model = try NGramModel(bytes: NGramFixture().bytes("estimated/probing"))
    let count = Int64(model.vocabularyCount)
    // a word has the number after its own, 0 is no word
    for sound in [0, 1, count] { #expect(model.state(of: [sound, 0]) != nil, "\(sound)") }
    for damaged in [count + 1, 1 << 32] { #expect(model.state(of: [damaged, 0]) == nil, "\(damaged)") }
  }
}
