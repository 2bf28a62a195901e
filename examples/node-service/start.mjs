// A classifier behind HTTP that learns as examples arrive: node examples/node-service/start.mjs [port]
//   curl -d '{"label": "refund", "features": [0.1, 0.9, 0.2]}' localhost:8081/examples
//   curl -d '{"features": [0.2, 0.8, 0.1]}' localhost:8081/predict
//   curl localhost:8081/head > head.json
import { createServer } from "node:http";
import { fitProbe, headToJSON, predict, predictProba, toMatrix } from "softprobe";

const examples = [];
let probe = null;

/** What each path answers; an error of softprobe says what is wrong with the request. */
const answers = {
  "POST /examples": ({ features, label }) => {
    const rows = [...examples, { features, label }];
    const labels = rows.map((example) => example.label);
    const matrix = toMatrix(rows.map((example) => example.features));
    if (new Set(labels).size > 1) probe = fitProbe(matrix, labels, { C: 10 });
    examples.push({ features, label });
    return { examples: examples.length, ready: probe !== null };
  },
  "POST /predict": ({ features }) => {
    if (!probe) throw new Error("no examples of two classes yet");
    const matrix = toMatrix([features]);
    return { label: predict(probe, matrix)[0], probability: Math.max(...predictProba(probe, matrix).data) };
  },
  "GET /head": () => {
    if (!probe) throw new Error("no examples of two classes yet");
    return headToJSON(probe);
  },
};

const server = createServer(async (request, response) => {
  const answer = answers[`${request.method} ${request.url}`];
  const reply = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
  if (!answer) return reply(404, { error: `expected one of ${Object.keys(answers).join(", ")}` });
  try {
    let text = "";
    for await (const chunk of request) text += chunk;
    reply(200, answer(text === "" ? {} : JSON.parse(text)));
  } catch (error) {
    reply(400, { error: error.message });
  }
});
server.listen(Number(process.argv[2] ?? 8081), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
