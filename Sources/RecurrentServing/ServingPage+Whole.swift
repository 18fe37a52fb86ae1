extension ServingPage {
  /// What hands the samples of the microphone to the page, in the thread of the sound.
  static let recorderScript = """
    registerProcessor("recorder", class extends AudioWorkletProcessor {
      process(inputs) {
        if (inputs[0][0]) this.port.postMessage(inputs[0][0].slice());
        return true;
      }
    });

    """

  /// The program of the page: whole sequences, from a file, typed or spoken; forecasts as a fan.
  static let wholeScript = """
    function table(rows) {
      const names = [...new Set(rows.flatMap(row => Object.keys(row)))], own = make("table"), head = make("tr");
      head.append(...names.map(name => make("th", name)));
      own.append(head, ...rows.slice(0, 200).map(row => {
        const line = make("tr");
        line.append(...names.map(name => {
          const value = row[name], isNumber = typeof value === "number" && !Number.isInteger(value);
          const cell = make("td", value === undefined ? "" : isNumber ? value.toPrecision(4) : Array.isArray(value) ? value.join(", ") : value);
          if (typeof value === "string" && value.length > 24) cell.className = "wide";
          return cell;
        }));
        return line;
      }));
      return own;
    }
    // bands between the quantiles q and 1 - q, the median on top
    function fan(rows) {
      const levels = Object.keys(rows[0] || {}).filter(name => /^q0?\\.\\d+$/.test(name)).map(name => Number(name.slice(1)));
      levels.sort((a, b) => a - b);
      const isFan = levels.length > 2 && rows.length > 1;
      hide("fan", !isFan);
      if (!isFan) return;
      const name = level => Object.keys(rows[0]).find(own => own[0] === "q" && Number(own.slice(1)) === level);
      const values = rows.map(row => levels.map(level => row[name(level)]));
      const all = values.flat(), low = Math.min(...all), high = Math.max(...all);
      const x = place => 44 + place / (rows.length - 1) * 540, y = value => 190 - (value - low) / (high - low || 1) * 170;
      const parts = [];
      for (let part = 0; part < Math.floor(levels.length / 2); part++) {
        const lower = values.map((own, place) => `${x(place)},${y(own[part])}`);
        const upper = values.map((own, place) => `${x(place)},${y(own[levels.length - 1 - part])}`).reverse();
        parts.push(draw("polygon", { points: [...lower, ...upper].join(" "), fill: "var(--accent)", opacity: 0.16 }));
      }
      const middle = Math.floor(levels.length / 2);
      parts.push(draw("polyline", { points: values.map((own, place) => `${x(place)},${y(own[middle])}`).join(" "),
        fill: "none", stroke: "var(--accent)", "stroke-width": 2 }));
      const label = (text, x, y, anchor) => { const own = draw("text", { x, y, "text-anchor": anchor }); own.textContent = text; parts.push(own); };
      for (const value of [low, (low + high) / 2, high]) label(value.toPrecision(3), 38, y(value) + 4, "end");
      const time = row => row.time === undefined ? "" : String(row.time);
      label(time(rows[0]), x(0), 210, "start");
      label(time(rows[rows.length - 1]), x(rows.length - 1), 210, "end");
      $("fan").replaceChildren(...parts);
    }
    async function predict(body, type) {
      problem();
      $("predict").disabled = true;
      try {
        const response = await fetched(`/v1/predict/${encodeURIComponent(model().id)}`, { method: "POST", headers: { "content-type": type }, body });
        const answers = (await response.json()).predictions;
        const failed = answers.find(own => own.error);
        if (failed) problem(failed.error);
        const rows = answers.flatMap(own => own.rows || []);
        $("table").replaceChildren(table(rows));
        fan(rows);
      } catch (error) { problem(error); }
      $("predict").disabled = false;
    }
    $("predict").onclick = () => {
      const file = $("file").files[0];
      if (file) return predict(file, "application/octet-stream");
      try { predict(JSON.stringify({ record: JSON.parse($("typed").value) }), "application/json"); } catch (error) { problem(error); }
    };
    $("typed").oninput = () => { $("file").value = ""; };
    // sound as a WAV of 16-bit samples
    function wav(samples, rate) {
      const data = new DataView(new ArrayBuffer(44 + 2 * samples.length));
      const text = (place, own) => [...own].forEach((letter, at) => data.setUint8(place + at, letter.charCodeAt(0)));
      text(0, "RIFF"); data.setUint32(4, 36 + 2 * samples.length, true); text(8, "WAVEfmt ");
      data.setUint32(16, 16, true); data.setUint16(20, 1, true); data.setUint16(22, 1, true); data.setUint32(24, rate, true);
      data.setUint32(28, 2 * rate, true); data.setUint16(32, 2, true); data.setUint16(34, 16, true);
      text(36, "data"); data.setUint32(40, 2 * samples.length, true);
      samples.forEach((value, place) => data.setInt16(44 + 2 * place, Math.max(-1, Math.min(1, value)) * 32767, true));
      return data.buffer;
    }
    let recorder = null;
    $("record").onclick = async () => {
      problem();
      try {
        if (recorder) {
          const { context, stream, samples, node } = recorder;
          recorder = node.port.onmessage = null;
          $("record").textContent = "Record";
          $("recording").textContent = "";
          stream.getTracks().forEach(track => track.stop());
          await context.close();
          return predict(wav(samples, context.sampleRate), "audio/wav");
        }
        if (!navigator.mediaDevices) throw new Error("a microphone is only given to pages of this machine, or over TLS");
        $("record").disabled = true;
        const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
        const context = new AudioContext(), samples = [];
        await context.audioWorklet.addModule("/recorder.js");
        const node = new AudioWorkletNode(context, "recorder");
        node.port.onmessage = event => {
          for (const value of event.data) samples.push(value);
          $("recording").textContent = `${(samples.length / context.sampleRate).toFixed(1)} s`;
        };
        context.createMediaStreamSource(stream).connect(node);
        recorder = { context, stream, samples, node };
        $("record").textContent = "Stop and predict";
      } catch (error) { problem(error); }
      $("record").disabled = false;
    };

    """
}
