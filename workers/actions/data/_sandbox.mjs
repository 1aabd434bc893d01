// Runs JSONata for one step, in a thread that can be ended at any moment. The expression runs in a context of its
// own that holds nothing of Node and cannot make code out of text; only text goes in and comes out.
import { createContext, Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

/** JSONata looks for these in `window`; they stand inside the context so that no object of Node's does. */
const SHIMS = `
  const window = (() => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const btoa = (text) => {
      let out = '';
      for (let i = 0; i < text.length; i += 3) {
        const [a, b, c] = [0, 1, 2].map((n) => text.charCodeAt(i + n) & 255);
        const bits = (a << 16) | (b << 8) | c;
        const rest = text.length - i;
        out += letters[bits >> 18] + letters[(bits >> 12) & 63];
        out += (rest > 1 ? letters[(bits >> 6) & 63] : '=') + (rest > 2 ? letters[bits & 63] : '=');
      }
      return out;
    };
    const atob = (text) => {
      let out = '';
      let bits = 0;
      let held = 0;
      for (const letter of text) {
        const value = letters.indexOf(letter);
        if (value < 0) continue;
        bits = ((bits << 6) | value) & 0xffffff;
        held += 6;
        if (held >= 8) out += String.fromCharCode((bits >> (held -= 8)) & 255);
      }
      return out;
    };
    return { btoa, atob };
  })();
  const module = { exports: {} };
  const exports = module.exports;
`;

const PROGRAM = `
  (async () => {
    const { mode, expression, input } = JSON.parse(job);
    try {
      const program = module.exports(expression);
      // No key with a meaning of its own gets in: JSONata builds objects by assignment.
      const data = JSON.parse(input);
      if (mode === 'transform') return JSON.stringify({ result: JSON.stringify(await program.evaluate(data)) });
      const isTrue = module.exports('$boolean($)');
      const kept = [];
      for (let index = 0; index < data.length; index++) {
        const verdict = await program.evaluate(data[index], { index });
        if (verdict === true || (typeof verdict !== 'boolean' && (await isTrue.evaluate(verdict)) === true)) kept.push(index);
      }
      return JSON.stringify({ result: JSON.stringify(kept) });
    } catch (thrown) {
      const { message, code, position } = thrown ?? {};
      return JSON.stringify({ error: { message: String(message), code: String(code), position } });
    }
  })()
`;

const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
const { library, job } = workerData;
new Script(`${SHIMS}\n${library}\nconst job = ${JSON.stringify(job)};`, { filename: 'jsonata' }).runInContext(
  context,
);
const answer = await new Script(PROGRAM, { filename: 'step' }).runInContext(context);
parentPort.postMessage(answer);
