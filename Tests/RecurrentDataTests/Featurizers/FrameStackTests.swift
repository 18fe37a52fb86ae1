import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct FrameStackTests {
  @Test func stepsAreNeighbouringFrames() {
    let frames = (0..<5).flatMap { [Float($0), Float(10 * $0)] }
    let found = FrameStack(size: 3, stride: 2)(frames, width: 2)
    #expect(found == [0, 0, 1, 10, 2, 20, 2, 20, 3, 30, 4, 40, 4, 40, 4, 40, 4, 40])
    #expect(FrameStack(size: 1, stride: 3)(frames, width: 2) == [0, 0, 3, 30])
    #expect(FrameStack(size: 1, stride: 1)(frames, width: 2) == frames)
    #expect(FrameStack(size: 2, stride: 2)([], width: 2) == [])
  }

  @Test(arguments: 1...5, 1...5) func framesOneByOneAreTheWhole(_ size: Int, _ stride: Int) {
    let stack = FrameStack(size: size, stride: stride)
    for count in 0...17 {
      let frames = (0..<count).map { [Float($0), -Float($0)] }
      let whole = stack(frames.flatMap { $0 }, width: 2)
      #expect(whole.count == 2 * size * stack.stepCount(frames: count))
      var (stream, found) = (FrameStack.Stream(stack), [Float]())
      for frame in frames {
        found += stream.push(frame) ?? []
        var numbers = StoredNumbers(stream.stored)
        stream = FrameStack.Stream(stack)
        stream.restore(&numbers, width: 2)
        #expect(numbers.areWhole)
      }
      found += stream.finish().flatMap { $0 }
      #expect(found == whole)
    }
    for state in [[Int64(size), 0], [0, Int64(stride + 1)], [-1, 0], [1], []] {
      var (numbers, stream) = (StoredNumbers(state), FrameStack.Stream(stack))
      stream.restore(&numbers, width: 2)
      #expect(!numbers.areWhole)
    }
  }
}
