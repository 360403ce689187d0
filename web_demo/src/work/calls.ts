import {Cancelled, type Monitor} from '../core/index.js';
import {Problem, type ProblemKind} from '../files/problem.js';
import {isLoss} from './loss.js';

/** A request from the page to a worker. */
interface Order {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** A worker's reply: its progress, and finally the outcome. */
type Report =
  | {readonly id: number; readonly progress: number}
  | {readonly id: number; readonly result: unknown}
  | {readonly id: number; readonly problem: ProblemKind; readonly details: Record<string, string | number>}
  | {readonly id: number; readonly cancelled: true};

/** How to observe and stop a call. */
export interface CallOptions {
  readonly transfer?: Transferable[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

interface Waiting {
  readonly options: CallOptions;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The page's side, which exposes a worker's functions as promises. */
export class Caller {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly worker: Worker) {
    worker.addEventListener('message', ({data}: MessageEvent<Report>) => this.receive(data));
    worker.addEventListener('error', (event) => this.fail(event.message || 'the worker ended'));
  }

  /**
   * Calls a function of the worker.
   *
   * @throws Problem if the call failed; `Cancelled` if the signal aborted it.
   */
  call<Result>(name: string, argument: unknown, options: CallOptions = {}): Promise<Result> {
    if (options.signal?.aborted) return Promise.reject(new Cancelled());
    const id = this.nextId++;
    const order: Order = {id, name, argument};
    options.signal?.addEventListener('abort', () => {
      if (this.waiting.has(id)) this.worker.postMessage({id, name: 'cancel', argument: null});
    });
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {options, resolve, reject});
      this.worker.postMessage(order, options.transfer ?? []);
    });
  }

  private receive(report: Report): void {
    const waiting = this.waiting.get(report.id);
    if (!waiting) return;
    if ('progress' in report) {
      waiting.options.onProgress?.(report.progress);
      return;
    }
    this.waiting.delete(report.id);
    if ('result' in report) waiting.resolve(report.result as never);
    else if ('cancelled' in report) waiting.reject(new Cancelled());
    else waiting.reject(new Problem(report.problem, report.details));
  }

  private fail(reason: string): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    const problem = isLoss(reason) ? new Problem('modelMissing') : new Problem('unknown', {reason});
    for (const {reject} of all) reject(problem);
  }
}

/** A result, and the parts of it to transfer rather than copy. */
export interface Answer {
  readonly result: unknown;
  readonly transfer?: Transferable[];
}

/** The worker's side, which answers calls with these functions. */
export function answerCalls(
  functions: Record<string, (argument: never, monitor: Monitor) => Promise<Answer>>,
): void {
  const running = new Set<number>();
  const cancelled = new Set<number>();

  async function answer({id, name, argument}: Order): Promise<void> {
    let told = 0;
    const monitor: Monitor = {
      async progress(fraction) {
        const now = performance.now();
        if (now - told < PROGRESS_INTERVAL && fraction < 1) return;
        told = now;
        postMessage({id, progress: fraction});
        await turnOfOthers();
        if (cancelled.has(id)) throw new Cancelled();
      },
    };
    running.add(id);
    try {
      const {result, transfer} = await functions[name](argument as never, monitor);
      postMessage({id, result}, {transfer: transfer ?? []});
    } catch (error) {
      postMessage({id, ...reportOf(error)});
    } finally {
      running.delete(id);
      cancelled.delete(id);
    }
  }

  addEventListener('message', ({data}: MessageEvent<Order>) => {
    if (data.name !== 'cancel') void answer(data);
    else if (running.has(data.id)) cancelled.add(data.id); // It may have ended meanwhile.
  });
}

function reportOf(error: unknown) {
  if (error instanceof Cancelled) return {cancelled: true};
  if (error instanceof Problem) return {problem: error.kind, details: error.details};
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'ModelFailed') {
    return {problem: 'modelFailed', details: {reason}};
  }
  // The messages of browsers that cannot allocate an array or an image.
  if (error instanceof RangeError && /alloc|memory|length/i.test(reason)) {
    return {problem: 'outOfMemory', details: {}};
  }
  return {problem: 'unknown', details: {reason}};
}

/** Lets pending messages be handled, without the delay of timers. */
function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const PROGRESS_INTERVAL = 30; // milliseconds
