import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Drawings that are told apart by words.
@Suite struct SketchStyleTests {
  @Test func wordsAreForgottenNowAndThen() {
    let task = SketchTaskTests.task(labels: ["a", "b"])
    let example = task.example(SketchTaskTests.drawing(5), label: "b")
    let kept = (0..<400).count {
      task.augmented(example, key: RandomKey(seed: 2).child($0)).label == 1
    }
    #expect((335...385).contains(kept), "\(kept)")
  }

  @Test func theNearestStyleIsTheLikeliest() throws {
    let task = SketchTaskTests.task(labels: ["a", "b", "c"])
    let model = task.makeModel(key: RandomKey(seed: 71))
    for seed in 0..<4 {
      let drawing = SketchTaskTests.drawing(5, seed: UInt64(seed))
      let nats = ["a", "b", "c"].map {
        task.predictions(model, to: [task.example(drawing, label: $0)])[0].nats
      }
      let nearest = try task.nearestStyle(model, to: DataSource([Record(.strokes(drawing))], name: "x"))
      #expect(nearest == ["a", "b", "c"][nats.firstIndex(of: nats.min() ?? 0) ?? 0])
    }
    let plain = SketchTaskTests.task()
    let none = try plain.nearestStyle(
      plain.makeModel(key: RandomKey(seed: 1)),
      to: DataSource([Record(.strokes(SketchTaskTests.drawing(3)))], name: "x")
    )
    #expect(none == nil)
  }
}
