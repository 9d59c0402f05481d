/** The thread that ONNX Runtime runs on: one task after another, in the order they are sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '@rotokit/core/values';
import type { Answer, Greeting, Question, Results, RuntimeSettings, Task } from './protocol.js';
import { Sessions } from './sessions.js';

const port = parentPort!;
const greet = (greeting: Greeting) => port.postMessage(greeting);

try {
  const ort = await import('onnxruntime-node');
  const devices = ort.listSupportedBackends().map((b) => b.name);
  const sessions = new Sessions(ort, workerData as RuntimeSettings);
  listen(sessions);
  greet({ kind: 'ready', version: ort.env.versions.node ?? ort.env.versions.common, devices });
} catch (e) {
  greet({ kind: 'missing', reason: reasonOf(e) });
}

function listen(sessions: Sessions): void {
  const perform = (task: Task): Promise<Results[Task['kind']]> => {
    if (task.kind === 'create') return sessions.create(task);
    if (task.kind === 'run') return sessions.run(task);
    return sessions.release(task.session) as Promise<undefined>;
  };
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', ({ id, task }: Question) => {
    last = last.then(async () => {
      const answer: Answer = await perform(task).then(
        (result) => ({ id, ok: true, result }),
        (e: unknown) => ({ id, ok: false, reason: reasonOf(e) }),
      );
      port.postMessage(answer, memoryOf(answer));
    });
  });
}

/** The memory that goes over with an answer: that of the tensors a run gave. Two outputs may be one tensor. */
function memoryOf(answer: Answer): ArrayBuffer[] {
  if (!answer.ok || !Array.isArray(answer.result)) return [];
  return [...new Set((answer.result as Results['run']).map((t) => t.data.buffer as ArrayBuffer))];
}
