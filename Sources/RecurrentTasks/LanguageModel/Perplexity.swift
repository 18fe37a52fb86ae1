#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// e to a cross-entropy in nats: from how many equally likely tokens the model chooses, in effect.
public func perplexityOfNats(_ nats: Double) -> Double { exp(nats) }
