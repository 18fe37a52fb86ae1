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
}
