import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct ModuleTests {
  private struct Pair: Module {
    var first, second: Tensor
    var absent: Tensor?
    var present: Tensor? = Tensor([7])

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("first", &first)
      visitor.visit("second", &second)
      visitor.visit("absent", &absent)
      visitor.visit("present", &present)
    }
  }

  private struct Nest: Module {
    var inner = Pair(first: Tensor([1, 2]), second: Tensor([3]))
    var layer = Pair(first: Tensor([4]), second: Tensor([5, 6]))

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("inner", &inner)
      visitor.visit(suffix: "_l0", &layer)
    }
  }

  @Test func names() {
    let names = ["inner.first", "inner.second", "inner.present", "first_l0", "second_l0", "present_l0"]
    #expect(Nest().parameters.map(\.name) == names)
    #expect(Nest().parameterCount == 8)
  }

  @Test func mapping() {
    let doubled = Nest().mappingParameters { name, value in name == "second_l0" ? value * 2 : value }
    #expect(doubled.parameters.flatMap(\.value.scalars) == [1, 2, 3, 7, 4, 10, 12, 7])
    #expect(
      Nest().moved(to: ReferenceBackend()).parameters.allSatisfy { $0.value.backend is ReferenceBackend })
  }

  @Test func mirrorFindsForgottenParameters() throws {
    try mirrorCheck(Nest())
    struct Forgetful: Module {
      var seen = Tensor([1])
      var parts = [Tensor([2]), Tensor([3])]
      mutating func walk(_ visitor: inout some ParameterVisitor) {
        visitor.visit("seen", &seen)
        visitor.visit("part", &parts[1])
      }
    }
    #expect { try mirrorCheck(Forgetful()) } throws: { "\($0)".hasSuffix("visit parts.0") }
    struct Doubled: Module {
      var weight = Tensor([1])
      mutating func walk(_ visitor: inout some ParameterVisitor) {
        visitor.visit("weight", &weight)
        visitor.visit("again", &weight)
      }
    }
    #expect(throws: CheckFailure.self) { try mirrorCheck(Doubled()) }
  }
}
