import type { PullEvent } from '@rotokit/core/ports';
import { follow, type Reply } from '../http/follow.js';
import { Attempts } from './attempts.js';
import type { Expectation } from './expect.js';
import { addressOf, headersOf, type Job } from './job.js';
import { Part } from './part.js';
import { refusalOf } from './refusals.js';

/** How many bytes come between two events of progress. */
const STEP = 1 << 20;

/**
 * Downloads a file into its part, going on from what is there. A lost connection is taken up where it broke off; a source that gives no ranges, or another
 * file than before, begins anew. Returns how many bytes did not have to be asked for again.
 * @throws RotokitError MODEL_FORBIDDEN, MODEL_UNREACHABLE.
 */
export async function* fetchPart(job: Job, expected: Expectation): AsyncGenerator<PullEvent, number> {
  const { sha256, bytes } = expected;
  const part = await Part.open(job.place, { ...(sha256 ? { sha256 } : {}), ...(bytes === undefined ? {} : { bytes }) });
  const transfer = { job, part, total: bytes, resumed: part.size, ranges: true };
  try {
    const attempts = new Attempts(job);
    let most = part.size;
    while (!isWhole(transfer)) {
      try {
        yield* attempt(transfer);
        if (isWhole(transfer)) break;
        throw new Error(`the connection ended after ${part.size} of ${transfer.total ?? 'an unknown number of'} bytes`);
      } catch (e) {
        if (part.size > most) attempts.progressed();
        most = Math.max(most, part.size);
        yield* attempts.failed(e);
      }
    }
    return transfer.resumed;
  } finally {
    await part.close();
  }
}

interface Transfer {
  readonly job: Job;
  readonly part: Part;
  /** Bytes of the whole file, as soon as anybody says. */
  total: number | undefined;
  resumed: number;
  /** Whether the source still deserves to be asked for a range. */
  ranges: boolean;
}

const isWhole = ({ part, total }: Transfer) => total !== undefined && part.size >= total;

/** One request and as much of its answer as comes. */
async function* attempt(transfer: Transfer): AsyncGenerator<PullEvent> {
  const { job, part } = transfer;
  if (part.size && !transfer.ranges) await startOver(transfer);
  const range = part.size ? { range: `bytes=${part.size}-`, ...(part.etag ? { 'if-range': part.etag } : {}) } : {};
  const headers = { ...headersOf(job), ...range };
  const reply = await follow({ method: 'GET', url: addressOf(job), headers, signal: job.signal }, job.source);
  try {
    await accept(transfer, reply);
    yield* receive(transfer, reply);
  } finally {
    reply.body.destroy();
  }
}

/** Reads the head of an answer and makes the part agree with it. Throws where the answer brings nothing. */
async function accept(transfer: Transfer, { status, headers }: Reply): Promise<void> {
  const { job, part } = transfer;
  const refusal = refusalOf(job, status);
  if (refusal) throw refusal;
  if (status === 416 || (status === 206 && startOf(headers['content-range']) !== part.size)) {
    transfer.ranges = false;
    throw new Error(`it gave another range than the one asked for (HTTP ${status})`);
  }
  if (status !== 200 && status !== 206) throw new Error(`HTTP ${status}`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Error('it compresses what it was asked not to');
  if (status === 200 && part.size) await startOver(transfer);
  const etag = headers.etag && !headers.etag.startsWith('W/') ? { etag: headers.etag } : {};
  if (!(await part.learn(etag))) {
    transfer.ranges = false;
    throw new Error('the file changed meanwhile');
  }
  transfer.total ??= totalOf(status, headers['content-range'], headers['content-length']);
}

async function startOver(transfer: Transfer): Promise<void> {
  await transfer.part.restart();
  transfer.resumed = 0;
  transfer.ranges = true;
}

async function* receive(transfer: Transfer, { body }: Reply): AsyncGenerator<PullEvent> {
  const { job, part } = transfer;
  const progress = (): PullEvent => {
    const { total, resumed } = transfer;
    return { kind: 'progress', file: job.file.name, bytes: part.size, total, resumed };
  };
  yield progress();
  let told = part.size;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const room = (transfer.total ?? Number.POSITIVE_INFINITY) - part.size;
    await part.append(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (part.size - told >= STEP || isWhole(transfer)) {
      told = part.size;
      yield progress();
    }
    if (isWhole(transfer)) return;
  }
  transfer.total ??= part.size;
}

/** `bytes 100-199/200` starts at 100. */
const startOf = (range: string | undefined) => Number(/^bytes (\d+)-/.exec(range ?? '')?.[1] ?? Number.NaN);

function totalOf(status: number, range: string | undefined, length: string | undefined): number | undefined {
  const total = Number(status === 206 ? /\/(\d+)$/.exec(range ?? '')?.[1] : length);
  return Number.isSafeInteger(total) && total > 0 ? total : undefined;
}
