/// What the operands of the matrix products in a recurrent network are rounded to.
///
/// Parameters, states, outputs, sums and gradients stay 32-bit floats in every precision, and so does everything that
/// is no product; so does all of a cell that does more than its plain equations. In ``bfloat16`` a sum over K is one chain of fused multiply-adds in pairs, the second of a pair first,
/// in which numbers below the normal range (about 1e-38) count as zero; in ``int8`` it is an exact integer. Both are the
/// same bits with every number of threads and, on x86-64, with every instruction set.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// Operands as they are.
  case float32
  /// Eight significant bits with the range of a float; nearly twice as fast where the processor has such products
  /// (avx512_bf16). For training and for inference.
  case bfloat16
  /// Whole numbers from -127 to 127 with a scale for each row of the weights and, found as they come, for each input and
  /// each state. A quarter of the memory to read. For inference alone: a gradient traps.
  case int8
}
