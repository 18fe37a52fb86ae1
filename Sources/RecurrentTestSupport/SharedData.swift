#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of real data, which the environment variable `RECURRENT_DATA` names; nil where there is none.
///
/// Tests that need it are skipped without: `@Test(.enabled(if: sharedData != nil, needsSharedData))`.
public let sharedData: String? = ProcessInfo.processInfo.environment["RECURRENT_DATA"]

/// Why a test is skipped.
public let needsSharedData: String = "RECURRENT_DATA does not name a folder of real data"
