import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

struct ProcessLaunchTests {
  private func end(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// A connection has ended once this process has closed it, whatever programs were started meanwhile.
  @Test func openFilesStayHere() throws {
    var ends: [Int32] = [0, 0]
    try require(pipe(&ends) == 0, "no pipe")
    let launch = ProcessLaunch()
    launch.open("/dev/null", as: 0, mode: O_RDONLY)
    launch.takesAllSignals()
    let (process, error) = launch.start(["sleep", "60"])
    try require(error == 0, "sleep cannot be started: \(error)")
    close(ends[1])
    var request = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
    // tests that start programs in other ways may have the other end for a moment
    #expect(poll(&request, 1, 20_000) == 1)
    #expect(Int32(request.revents) & Int32(POLLHUP) != 0)
    close(ends[0])
    kill(process, SIGKILL)
    #expect(end(process) == SIGKILL)
  }

  @Test func standardFilesAndVariables() throws {
    let folder = try ScratchFolder()
    let (input, output) = (try folder.file("in", Array("heard\n".utf8)), folder.path + "/out")
    let launch = ProcessLaunch()
    launch.open(input, as: 0, mode: O_RDONLY)
    launch.open(output, as: 1, mode: O_WRONLY | O_CREAT)
    let (process, error) = launch.start(
      ["/bin/sh", "-c", "read line; echo \"$line $WORD $1\"; exit 3", "sh", "said"],
      environment: ["WORD": "known"])
    try require(error == 0, "sh cannot be started: \(error)")
    #expect(end(process) == 3 << 8)
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "heard known said\n")
  }

  @Test func aProgramThatIsNotThere() {
    #expect(ProcessLaunch().start(["/nowhere/program"]).error == ENOENT)
  }
}
