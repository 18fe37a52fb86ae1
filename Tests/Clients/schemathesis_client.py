"""schemathesis: what our OpenAPI file says, and whatever else it thinks of, against the server: schemathesis_client.py PORT SCRATCH"""
import subprocess
import sys

# a request may fit the schema and not the model, so that what must be refused or taken is not among the checks
checks = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "unsupported_method", "use_after_free", "ensure_resource_availability"]
address = f"http://127.0.0.1:{sys.argv[1]}/openapi.json"
run = subprocess.run(
    [sys.executable, "-m", "schemathesis.cli", "run", address, "--checks", ",".join(checks), "--max-examples", "30", "--seed", "1", "--no-color",
     "--suppress-health-check", "all", "--request-timeout", "20"],
    capture_output=True, text=True, cwd=sys.argv[2])
if run.returncode:
    print(run.stdout[-20000:], run.stderr[-2000:])
sys.exit(run.returncode)
