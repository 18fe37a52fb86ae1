import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct ChannelScalerTests {
  private let columns: [[Float]] = [
    [1, .nan, 3, 5, .infinity, 7], [2, 2, .nan, 2, 2, 2], [.nan, .nan], [], [-1e38, 1e38],
  ]

  @Test func standard() throws {
    let scaler = ChannelScaler(method: .standard, fitting: columns)
    #expect(scaler.centers == [4, 2, 0, 0, 0] && scaler.constantChannels == [1, 2, 3])
    #expect(scaler.scales[1...3] == [1, 1, 1])
    #expect(abs(scaler.scales[0] - 5.0.squareRoot()) < 1e-12 && abs(scaler.scales[4] / 1e38 - 1) < 1e-6)
    #expect(scaler.scaled(2, channel: 1) == 0 && scaler.scaled(.nan, channel: 0).isNaN)
  }

  @Test func robust() {
    let scaler = ChannelScaler(method: .robust, fitting: [[5, 1, 2, 4, 3, 1000], [0, 0, 0, 0, 9]])
    #expect(scaler.centers == [3.5, 0])
    #expect(abs(scaler.scales[0] - (4.75 - 2.25) / 1.349) < 1e-12)
    // most are equal: the quartiles say nothing
    #expect(scaler.scales[1] == 1 && scaler.constantChannels.isEmpty)
  }

  @Test func noneLeavesNumbersAlone() {
    let scaler = ChannelScaler(method: .none, fitting: columns)
    #expect(scaler.centers == [0, 0, 0, 0, 0] && scaler.scales == [1, 1, 1, 1, 1])
    #expect(scaler.constantChannels == [1, 2, 3])
  }

  /// The numbers of one pass over all, however the steps come.
  @Test(arguments: ChannelScaler.Method.allCases)
  func stepsThatComeOneAfterTheOther(_ method: ChannelScaler.Method) {
    let values = Tensor.random([3 * 1000], key: RandomKey(seed: 7)).scalars.enumerated().map {
      $0 % 17 == 0 ? .nan : $0 % 3 == 2 ? 4 : $1 * 1000 + 5
    }
    var passCount = 0
    let scaler = ChannelScaler(method: method, channels: 3) { add in
      passCount += 1
      for (place, value) in values.enumerated() { add(value, place % 3) }
    }
    let columns = (0..<3).map { channel in
      stride(from: channel, to: values.count, by: 3).map { Double(values[$0]) }.filter(\.isFinite)
    }
    #expect(scaler.constantChannels == [2] && passCount == (method == .standard ? 2 : 1))
    for channel in 0..<2 where method == .standard {
      let mean = columns[channel].reduce(0, +) / Double(columns[channel].count)
      let squares = columns[channel].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(scaler.centers[channel] == mean)
      #expect(scaler.scales[channel] == (squares / Double(columns[channel].count)).squareRoot())
    }
    for channel in 0..<2 where method == .robust {
      let sorted = columns[channel].sorted()
      let (place, low) = (0.5 * Double(sorted.count - 1), (sorted.count - 1) / 2)
      let median =
        sorted[low] + (sorted[low + (place > Double(low) ? 1 : 0)] - sorted[low]) * (place - Double(low))
      #expect(scaler.centers[channel] == median)
    }
  }
}
