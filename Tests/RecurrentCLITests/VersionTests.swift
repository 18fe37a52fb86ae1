import RecurrentTestSupport
import Testing

/// `recurrent --version` names what a report about a fault needs.
@Suite struct VersionTests {
  @Test func namesTheVersionAndTheInstructionSet() throws {
    let run = try CommandLineRun()
    let said = try run("--version", environment: ["RECURRENT_MAX_ISA": "scalar"])
    #expect(said.code == 0)
    #expect(said.output.hasPrefix("recurrent \(RecurrentVersion.current) ("))
    #expect(said.output.hasSuffix("scalar)\n"))
  }
}
