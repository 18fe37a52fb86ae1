"""schemathesis: what our OpenAPI file says, and whatever else it thinks of, against the server."""
import subprocess
import sys

address = f"http://127.0.0.1:{sys.argv[1]}/openapi.json"
run = subprocess.run(
    [sys.executable, "-m", "schemathesis.cli", "run", address, "--max-examples", "30", "--seed", "1", "--no-color",
     "--suppress-health-check", "all", "--request-timeout", "20"],
    capture_output=True, text=True)
if run.returncode:
    print(run.stdout[-20000:], run.stderr[-2000:])
sys.exit(run.returncode)
