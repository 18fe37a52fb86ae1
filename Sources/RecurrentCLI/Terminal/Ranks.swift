import ArgumentParser
import Recurrent
import RecurrentMPI

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The ranks that train together; most often one.
struct Ranks {
  /// What they exchange.
  let communicator: any Communicator
  private let mpi: MPICommunicator?

  /// Whether this is the one that prints and writes.
  var isFirst: Bool { communicator.rank == 0 }

  /// Joins the ranks that a launcher has started.
  ///
  /// - Parameter isDistributed: whether there are some even where the environment does not say so.
  /// - Throws: `ValidationError` where the program cannot, or ``CommunicationError``.
  static func joined(isDistributed: Bool) throws -> Ranks {
    guard isDistributed || MPICommunicator.isLaunched else {
      return Ranks(communicator: SoloCommunicator(), mpi: nil)
    }
    guard MPICommunicator.isBuilt else {
      throw ValidationError(
        "this program was built without MPI, and a launcher has started it as one of several ranks; build it with "
          + "`swift build -c release --traits MPI`")
    }
    let mpi = try MPICommunicator()
    return Ranks(communicator: mpi, mpi: mpi)
  }

  /// Works, and ends together with the others: all where this one fails, with its name.
  func run(_ body: () throws -> Void) throws {
    guard let mpi else { return try body() }
    do { try body() } catch let code as ExitCode where code == .interrupted {
      mpi.end()
      throw code
    } catch {
      guard mpi.size > 1 else {
        mpi.end()
        throw error
      }
      Terminal.error("rank \(mpi.rank) of \(mpi.size) on \(mpi.host) cannot go on:")
      let code = Main.report(error)
      // does not return; the others wait for this rank
      mpi.abort("")
      throw ExitCode(code)
    }
    mpi.end()
  }

  /// The threads of a rank: its share of the processors that the ranks of this machine may use. Nil for one rank.
  ///
  /// - Throws: ``CommunicationError``.
  func threads() throws -> Int? {
    guard let mpi, mpi.size > 1 else { return nil }
    let own = MPICommunicator.affinity
    let all = try mpi.gather(Array("\(mpi.host)\0".utf8) + own)
    let name = Array("\(mpi.host)\0".utf8)
    let local = all.filter { $0.starts(with: name) }.map { $0.dropFirst(name.count) }
    // processors that some rank of this machine may use
    var union = own
    for mask in local {
      for (index, byte) in mask.enumerated() where index < union.count { union[index] |= byte }
    }
    let shared = union.reduce(0) { $0 + $1.nonzeroBitCount }
    let count = max(1, shared / max(1, mpi.localSize))
    let mine = Processors.count
    let machine = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    if mine < machine / max(1, mpi.localSize), isFirst {
      Terminal.error(
        "note: each rank is bound to \(counted(mine, "processor")) of the \(machine) of this machine; "
          + "`mpirun --bind-to none`, or `--map-by slot:PE=n`, gives it more")
    }
    return min(mine, count)
  }
}
