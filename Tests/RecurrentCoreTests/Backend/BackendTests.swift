import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct BackendTests {
  @Test(arguments: BackendAspect.allCases)
  func cpu(_ aspect: BackendAspect) throws { try checkBackend(CPUBackend(exactThreadCount: 2), [aspect]) }

  @Test func namesItself() throws {
    #expect(CPUBackend(threadCount: 1).name.hasSuffix("1 thread)"))
    #expect(try #require(CPUBackend(threadCount: 3, instructionSet: 0)).name == "cpu (scalar, 3 threads)")
    #expect(CPUBackend(threadCount: 1, instructionSet: 9) == nil)
  }
}
