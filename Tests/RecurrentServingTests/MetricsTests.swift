import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// What Prometheus reads.
@Suite struct MetricsTests {
  @Test func exposition() throws {
    let metrics = ServingMetrics()
    metrics.add(.requests, 2, [("route", "/v1/\"x\"\n"), ("code", "200")])
    metrics.observe(.batchRows, 3)
    metrics.observe(.batchRows, 1e9)
    let text = metrics.text()
    #expect(
      text.contains(
        "# TYPE rnn_requests_total counter\nrnn_requests_total{route=\"/v1/\\\"x\\\"\\n\",code=\"200\"} 2.0\n"
      ))
    #expect(text.contains("rnn_batch_rows_bucket{le=\"2.0\"} 0\nrnn_batch_rows_bucket{le=\"4.0\"} 1\n"))
    #expect(
      text.contains("rnn_batch_rows_bucket{le=\"+Inf\"} 2\n") && text.contains("rnn_batch_rows_count 2\n"))
  }

  /// The same values under the names of other servers, each of the model that it is of.
  @Test func namesOfOthers() throws {
    let harness = try Harness([try Harness.layers(), Harness.text.host], aliases: [.vllm, .triton])
    _ = harness.ask(.open(model: "layers", id: "one", idleSeconds: nil))
    harness.tick.value = 0.5
    for line in ["[0.5,-1,2]", "[1,2,3]", "[1]"] {
      _ = harness.fetch(
        HTTPQuestion("POST", "/v1/sessions/one/steps", body: Array("{\"steps\":[\(line)]}".utf8)))
    }
    let body = #"{"model":"text","prompt":"ab","max_tokens":5,"seed":1}"#
    #expect(harness.fetch(HTTPQuestion("POST", "/v1/completions", body: Array(body.utf8))).status == 200)
    harness.time.value += 2
    harness.run()
    let text = String(decoding: harness.fetch(HTTPQuestion("GET", "/metrics")).body, as: UTF8.self)
    for line in [
      "nv_inference_request_success{model=\"layers\",version=\"1\"} 2.0",
      "nv_inference_request_failure{model=\"layers\",version=\"1\"} 1.0",
      "nv_inference_exec_count{model=\"layers\",version=\"1\"} 3.0",
      "nv_inference_compute_infer_duration_us{model=\"layers\",version=\"1\"} 1500000.0",
      "vllm:generation_tokens_total{model_name=\"text\",engine=\"0\"} 5.0",
      "vllm:request_success_total{model_name=\"text\",finished_reason=\"length\",engine=\"0\"} 1.0",
      "vllm:num_requests_running{model_name=\"text\",engine=\"0\"} 0.0",
      "vllm:time_to_first_token_seconds_count{model_name=\"text\",engine=\"0\"} 1",
      "vllm:inter_token_latency_seconds_count{model_name=\"text\",engine=\"0\"} 4",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    let statistics = String(
      decoding: harness.fetch(HTTPQuestion("GET", "/v2/models/layers/stats")).body, as: UTF8.self)
    #expect(statistics.contains(#""inference_count":3,"execution_count":3"#), "\(statistics)")
    #expect(statistics.contains(#""success":{"count":2,"#) && statistics.contains(#""fail":{"count":1,"#))
  }
}
