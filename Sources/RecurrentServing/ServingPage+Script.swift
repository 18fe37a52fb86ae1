extension ServingPage {
  /// The program of the page: models, texts, steps, figures.
  static let script = """
    "use strict";
    const $ = id => document.getElementById(id);
    const make = (name, text) => { const own = document.createElement(name); if (text !== undefined) own.textContent = text; return own; };
    const draw = (name, attributes) => {
      const own = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in attributes) own.setAttribute(key, attributes[key]);
      return own;
    };
    const hide = (id, isHidden) => $(id).toggleAttribute("hidden", isHidden);
    const colours = ["var(--accent)", "#c2703d", "#5b8c3e", "#8a5aa8", "#b04a5a", "#4a9a9a"];
    let models = [], session = null, position = 0, writing = null, history = [];
    const problem = error => { $("problem").textContent = error ? String(error.message || error) : ""; };
    const fields = more => $("key").value ? { ...more, authorization: `Bearer ${$("key").value}` } : more || {};
    async function fetched(path, init) {
      const response = await fetch(path, { ...init, headers: fields(init && init.headers) });
      if (response.ok) return response;
      if (response.status === 401) $("lock").hidden = false;
      let reason = response.statusText;
      try { reason = (await response.json()).error.message; } catch { }
      throw new Error(reason);
    }
    async function ask(path, body, method) {
      const init = body === undefined ? { method: method || "GET" } :
        { method: method || "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      return (await fetched(path, init)).json();
    }
    const model = () => models.find(own => own.id === $("model").value);
    const busy = isBusy => { $("write").disabled = isBusy; $("stop").disabled = !isBusy; };
    function choose() {
      const own = model();
      if (!own) return;
      $("about").textContent = `${own.task}, ${own.parameters.toLocaleString("en")} parameters` +
        (own.input_size ? `, steps of ${own.input_size} numbers` : `, reads ${own.reads}`);
      $("writing").hidden = !own.writes;
      $("stepping").hidden = !own.sessions;
      $("whole").hidden = !own.predicts;
      $("steps").placeholder = own.reads === "text" ? "One step a line: text" : "One step a line, as JSON: [0.1, 0.2]";
      $("steps").value = own.reads === "text" ? "to be or" : own.input_size ? JSON.stringify(Array(own.input_size).fill(0.5)) : "";
      session = null;
      history = [];
      $("session").textContent = $("rows").textContent = "";
      $("texts").replaceChildren();
      $("table").replaceChildren();
      $("file").value = $("typed").value = "";
      for (const id of ["curves", "fan"]) hide(id, true);
      $("record").hidden = !["transcription", "classification", "tagging"].includes(own.task);
    }
    // a text is a session: it goes on where it is, and a fork goes another way
    function addText(id, start) {
      const own = make("div"), text = make("pre", start), row = make("div");
      const on = make("button", "Go on"), fork = make("button", "Fork"), end = make("button", "End");
      own.className = "text";
      row.className = "row";
      row.append(on, fork, end);
      own.append(text, row);
      $("texts").append(own);
      on.onclick = () => write(id, "", text);
      fork.onclick = async () => {
        problem();
        try {
          const other = (await ask(`/v1/sessions/${id}/fork`, {})).id;
          $("seed").value = Number($("seed").value) + 1;
          await write(other, "", addText(other, text.textContent));
        } catch (error) { problem(error); }
      };
      end.onclick = () => { own.remove(); ask(`/v1/sessions/${id}`, undefined, "DELETE").catch(problem); };
      return text;
    }
    async function begin() {
      problem();
      try {
        const id = (await ask("/v1/sessions", { model: model().id })).id;
        $("texts").replaceChildren();
        await write(id, $("prompt").value, addText(id, $("prompt").value));
      } catch (error) { problem(error); }
    }
    async function write(id, prompt, text) {
      problem();
      if (writing) return;
      writing = new AbortController();
      busy(true);
      try {
        const response = await fetched("/v1/completions", { method: "POST", signal: writing.signal, body: JSON.stringify({
          model: model().id, session: id, prompt, max_tokens: Number($("tokens").value),
          temperature: Number($("temperature").value), seed: Number($("seed").value), stream: true }) });
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          const events = (rest + value).split("\\n\\n");
          rest = events.pop();
          for (const event of events) {
            if (!event.startsWith("data: ") || event.startsWith("data: [DONE]")) continue;
            const chunk = JSON.parse(event.slice(6));
            if (chunk.error) throw new Error(chunk.error.message);
            for (const choice of chunk.choices) text.textContent += choice.text;
          }
          text.scrollTop = text.scrollHeight;
        }
      } catch (error) { if (error.name !== "AbortError") problem(error); }
      writing = null;
      busy(false);
    }
    const show = () => { $("session").textContent = session ? `session ${session}, position ${position}` : ""; };
    function take(rows) {
      for (const row of rows) {
        const short = (_, value) => typeof value === "number" ? Number(value.toPrecision(6)) : value;
        $("rows").textContent += JSON.stringify(row, short) + "\\n";
        const numbers = Object.values(row).flat().filter(value => typeof value === "number");
        if (numbers.length) history.push(numbers);
      }
      history = history.slice(-200);
      $("rows").scrollTop = $("rows").scrollHeight;
      hide("curves", history.length < 2);
      if (history.length < 2) return;
      const all = history.flat(), low = Math.min(...all), high = Math.max(...all), span = high - low || 1;
      const width = Math.min(6, Math.max(...history.map(own => own.length)));
      $("curves").replaceChildren(...Array.from({ length: width }, (_, part) => draw("polyline", {
        fill: "none", stroke: colours[part], "stroke-width": 1.5, "vector-effect": "non-scaling-stroke",
        points: history.map((own, place) => own[part] === undefined ? "" :
          `${place / (history.length - 1) * 600},${115 - (own[part] - low) / span * 110}`).join(" ") })));
    }
    async function send() {
      problem();
      $("send").disabled = true;
      try {
        if (!session) { session = (await ask("/v1/sessions", { model: model().id })).id; position = 0; }
        const isText = model().reads === "text";
        const steps = $("steps").value.split("\\n").filter(line => line.trim()).map(line => isText ? line : JSON.parse(line));
        const answer = await ask(`/v1/sessions/${session}/steps`, { steps, position });
        position = answer.position;
        take(answer.outputs);
      } catch (error) { problem(error); }
      $("send").disabled = false;
      show();
    }
    async function change(action) {
      problem();
      try { if (session) await action(); } catch (error) { problem(error); }
      show();
    }
    const wanted = { rnn_generated_tokens_total: "tokens written", rnn_steps_total: "steps read", rnn_sessions: "sessions",
      rnn_connections: "connections", rnn_rejected_total: "refused", process_resident_memory_bytes: "memory, MB" };
    let before = null;
    async function figures() {
      try {
        const sums = {}, now = performance.now();
        for (const line of (await (await fetched("/metrics")).text()).split("\\n")) {
          const name = line.split(/[{ ]/)[0];
          if (name in wanted) sums[name] = (sums[name] || 0) + Number(line.split(" ").pop());
        }
        const shown = Object.keys(wanted).map(name => [wanted[name], (sums[name] || 0) / (name.endsWith("bytes") ? 1e6 : 1)]);
        const work = (sums.rnn_generated_tokens_total || 0) + (sums.rnn_steps_total || 0);
        shown.push(["a second", before ? (work - before.work) / (now - before.now) * 1000 : 0]);
        before = { work, now };
        $("figures").replaceChildren(...shown.map(([name, number]) => {
          const box = make("div");
          box.append(make("dt", name), make("dd", Math.round(number).toLocaleString("en")));
          return box;
        }));
      } catch (error) { problem(error); }
    }
    async function load() {
      try {
        const chosen = $("model").value;
        models = (await ask("/v1/models")).data;
        $("model").replaceChildren(...models.map(own => new Option(own.id, own.id)));
        if (models.some(own => own.id === chosen)) $("model").value = chosen;
        problem();
        choose();
      } catch (error) { problem(error); }
      figures();
    }
    $("model").onchange = choose;
    $("lock").onsubmit = event => { event.preventDefault(); load(); };
    $("write").onclick = begin;
    $("stop").onclick = () => writing && writing.abort();
    $("send").onclick = send;
    $("fork").onclick = () => change(async () => { session = (await ask(`/v1/sessions/${session}/fork`, {})).id; });
    $("reset").onclick = () => change(async () => {
      take((await ask(`/v1/sessions/${session}/reset`, {})).outputs);
      position = 0;
    });
    $("again").onclick = () => { session = null; history = []; $("rows").textContent = ""; hide("curves", true); show(); };
    load();
    setInterval(figures, 2000);

    """
}
