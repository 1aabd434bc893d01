// Runs a step's JavaScript in QuickJS, an interpreter of its own compiled to WebAssembly: it has no object of Node's,
// so there is nothing to break out to. Only text goes in and comes out. The thread can be ended at any moment.
import { parentPort, workerData } from 'node:worker_threads';
import { getQuickJS } from 'quickjs-emscripten';

const { code, input, time, memory, maxResult, maxLog } = workerData;

/** Beyond this, recursion is an error of the code's rather than of the interpreter's own stack. */
const STACK = 256 * 1024;

/** Runs in the sandbox before the code, and keeps what the code could replace. */
const PRELUDE = `
  (() => {
    const { stringify, parse } = JSON;
    const { String, Object, Error } = globalThis;
    const tell = globalThis.tell;
    const settle = globalThis.settle;
    delete globalThis.tell;
    delete globalThis.settle;
    const shown = (value) => {
      if (typeof value === 'string') return value;
      try { return stringify(value) ?? String(value); } catch { return String(value); }
    };
    const log = (...values) => {
      let text = '';
      for (let i = 0; i < values.length; i++) text += (i > 0 ? ' ' : '') + shown(values[i]);
      tell(text);
    };
    globalThis.console = { log, info: log, warn: log, error: log, debug: log };
    globalThis.input = parse(globalThis.given);
    delete globalThis.given;
    const failure = (thrown) => {
      try {
        if (thrown instanceof Error) return ['error', String(thrown.name), String(thrown.message), String(thrown.stack)];
        return ['error', 'Error', shown(thrown), ''];
      } catch { return ['error', 'Error', 'an error that cannot be shown', '']; }
    };
    globalThis.begin = (run) => {
      delete globalThis.begin;
      run().then(
        (value) => {
          try { settle('result', stringify(value) ?? 'null', '', ''); } catch (thrown) { settle(...failure(thrown)); }
        },
        (thrown) => settle(...failure(thrown)),
      );
    };
  })();
`;

const quickjs = await getQuickJS();
const runtime = quickjs.newRuntime();
runtime.setMemoryLimit(memory * 1024 * 1024);
runtime.setMaxStackSize(STACK);
const deadline = Date.now() + time;
let isLate = false;
runtime.setInterruptHandler(() => {
  isLate = isLate || Date.now() > deadline;
  return isLate;
});
const vm = runtime.newContext();

const logs = [];
let logged = 0;
let logsTruncated = false;
let answer;

const expose = (name, call) => {
  const handle = vm.newFunction(name, call);
  vm.setProp(vm.global, name, handle);
  handle.dispose();
};

expose('tell', (text) => {
  const line = vm.getString(text).slice(0, maxLog);
  if (logged + line.length > maxLog || logs.length >= 1000) logsTruncated = true;
  else {
    logs.push(line);
    logged += line.length;
  }
});
expose('settle', (...parts) => {
  const [kind, ...texts] = parts.map((part) => vm.getString(part));
  answer = { kind, texts };
});

const given = vm.newString(input);
vm.setProp(vm.global, 'given', given);
given.dispose();

/** An error of the interpreter's as the sandbox's own would be told. */
const told = (handle) => {
  const { name = 'Error', message = '', stack = '' } = vm.dump(handle) ?? {};
  handle.dispose();
  return { kind: 'error', texts: [String(name), String(message), String(stack)] };
};

function run() {
  const prelude = vm.evalCode(PRELUDE, 'prelude.js');
  if (prelude.error) return told(prelude.error);
  prelude.value.dispose();
  // Code that closes the function early gains nothing: all of it runs in here.
  const whole = vm.evalCode(`(async () => {\n${code}\n})`, 'code.js');
  if (whole.error) return told(whole.error);
  const begin = vm.getProp(vm.global, 'begin');
  const begun = vm.callFunction(begin, vm.undefined, whole.value);
  begin.dispose();
  whole.value.dispose();
  if (begun.error) return told(begun.error);
  begun.value.dispose();
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return told(jobs.error);
  return answer ?? { kind: 'unsettled', texts: [] };
}

let ended;
try {
  ended = run();
} catch (thrown) {
  // The interpreter itself gave up, mostly for want of memory.
  ended = { kind: 'broken', texts: [String(thrown)] };
}
if (isLate) ended = { kind: 'late', texts: [] };
if (ended.kind === 'result' && ended.texts[0].length > maxResult) ended = { kind: 'large', texts: [] };
// Nothing is disposed of: the thread ends, and the memory with it.
parentPort.postMessage({
  kind: ended.kind,
  texts: ended.texts.map((text) => text.slice(0, maxResult)),
  logs,
  logsTruncated,
});
