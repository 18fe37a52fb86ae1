import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Drawings that are drawn side by side, one in the place of another that has ended.
@Suite struct SketchDrawingTests {
  /// Each is the same in whatever parts they are drawn, also of cells whose rows cannot come and go.
  @Test func drawingsOfAnUnfusedCell() throws {
    var task = SketchTaskTests.task(layerNorm: false)
    task.network.cell = .mlstm
    let model = task.makeModel(key: RandomKey(seed: 7))
    let request = SketchRequest(count: 70, temperature: 0.8, seed: 9)
    let all = task.draw(model, request)
    #expect(all.count == 70)
    for first in [0, 31, 32, 69] {
      var part = request
      (part.count, part.first) = (1, first)
      #expect(task.draw(model, part) == [all[first]], "\(first)")
    }
  }

  @Test func whereItIsStoppedDrawingsAreCutOff() {
    let task = SketchTaskTests.task()
    let model = task.makeModel(key: RandomKey(seed: 7))
    let request = SketchRequest(count: 40, temperature: 0.8, seed: 9)
    let whole = task.draw(model, request)
    var rounds = 0
    let stopped = task.draw(model, request) {
      rounds += 1
      return rounds > 4
    }
    #expect((32...40).contains(stopped.count))
    for (own, all) in zip(stopped, whole) {
      #expect(own.hasEnded ? own == all : own.strokes.pointCount <= all.strokes.pointCount)
    }
  }
}
