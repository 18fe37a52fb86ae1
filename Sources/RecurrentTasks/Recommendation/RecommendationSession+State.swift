#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RecommendationSession {
  /// Everything that is kept of all sessions.
  public var state: SessionState {
    let visits = kept
    let choices = visits.flatMap(\.choices)
    let names = (try? JSONEncoder().encode(visits.map(\.name))).map { String(decoding: $0, as: UTF8.self) }
    var state = SessionState(
      integers: [
        (name: "events", values: [hasRead ? 1 : 0]),
        (name: "seen.counts", values: visits.map { Int64($0.seen.count) }),
        (name: "seen", values: visits.flatMap(\.seen).map { Int64($0) }),
        (name: "choices.counts", values: visits.map { Int64($0.choices.count) }),
        (name: "choices", values: choices.map { Int64($0.item) }),
      ], texts: ["sessions": names ?? "[]"])
    guard let width = visits.first?.numbers.count else { return state }
    state.tensors.append(
      (name: "states", value: Tensor(visits.flatMap(\.numbers), shape: [visits.count, width])))
    if !choices.isEmpty {
      state.tensors.append((name: "probabilities", value: Tensor(choices.map(\.probability))))
    }
    return state
  }

  /// Goes on from sessions that were kept.
  public mutating func restore(_ state: SessionState) throws {
    let text = state.texts["sessions"] ?? ""
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      Set(names).count == names.count
    else { throw state.damaged("it has no list of sessions") }
    let hasRead = try state.integers("events", count: 1, in: 0...1)[0] == 1
    let items = 0...max(0, task.items.count - 1)
    func lists(_ name: String, atMost limit: Int) throws -> [[Int32]] {
      let counts = try state.integers(name + ".counts", count: names.count, in: 0...limit)
      var rest = try state.integers(name, count: counts.reduce(0, +), in: items)[...]
      return counts.map { count in
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).map { Int32($0) }
      }
    }
    let seen = try lists("seen", atMost: RecommendationSession.memory)
    let choices = try lists("choices", atMost: 10_000)
    let width = model.initialState(batch: 1).tensors.reduce(0) { $0 + $1.count }
    let numbers = names.isEmpty ? [] : try state.tensor("states", [names.count, width]).scalars
    let total = choices.reduce(0) { $0 + $1.count }
    var rest = (total == 0 ? [] : try state.tensor("probabilities", [total]).scalars)[...]
    let visits = names.indices.map { place in
      var visit = Visit(
        name: names[place], numbers: Array(numbers[place * width..<(place + 1) * width]), choices: [])
      visit.seen = seen[place]
      visit.choices = zip(choices[place], rest).map { .init(item: $0, probability: $1) }
      rest = rest.dropFirst(choices[place].count)
      return visit
    }
    restore(visits, hasRead: hasRead)
  }
}
