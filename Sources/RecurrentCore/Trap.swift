/// Ends the process with a message when a caller broke a rule: what was expected, what was received.
///
/// `precondition` would lose its message in optimised code, where it is needed most.
@inline(__always)
package func trapUnless(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
