#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SequenceNetwork {
  /// The network with gates that keep the state for up to so many steps before anything is learnt (chrono initialisation, Tallec
  /// and Ollivier 2018): what is far apart is connected from the beginning. With u uniform in 1 ... `steps` - 1 for each unit:
  ///
  ///     b_z = log u                     GRU
  ///     b_f = log u,  b_i = - log u     LSTM
  ///
  /// Other cells stay as they are.
  func remembering(_ steps: Int, key: RandomKey) -> SequenceNetwork {
    let (cell, size) = (configuration.cell, configuration.hiddenSize)
    let isCoupled = configuration.cellOptions?.lstm.couplesGates ?? false
    guard steps > 2, [.gru, .gruResetBefore, .lstm].contains(cell) else { return self }
    return mappingParameters { name, value in
      guard name.hasPrefix("recurrent.bias_ih_l") else { return value }
      let layer = Int(name.dropFirst("recurrent.bias_ih_l".count)) ?? 0
      var numbers = value.scalars
      for (unit, uniform) in key.child(layer).uniforms(size).enumerated() {
        let keeping = log(1 + uniform * Float(steps - 2))
        switch (cell, isCoupled) {
        case (.lstm, true): numbers[unit] = -keeping
        case (.lstm, false): (numbers[unit], numbers[size + unit]) = (-keeping, keeping)
        default: numbers[size + unit] = keeping
        }
      }
      return Tensor(numbers, shape: value.shape, like: value)
    }
  }
}
