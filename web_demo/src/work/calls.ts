import {Cancelled, type Monitor} from '../core/index.js';
import {Problem, type ProblemKind} from '../files/problem.js';
import {isLoadError} from './loss.js';

/** A request from the page to a worker. */
interface CallRequest {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** A worker's reply: its progress, and finally the outcome. */
type CallResponse =
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

interface PendingCall {
  readonly options: CallOptions;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The page's side, which exposes a worker's functions as promises. */
export class Caller {
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;
  private hasStarted = false;
  /** Why the worker did not start; null if it did, or still may. */
  private startProblem: Problem | null = null;

  constructor(private readonly worker: Worker) {
    worker.addEventListener('message', ({data}: MessageEvent<CallResponse>) => this.receive(data));
    worker.addEventListener('error', (event) => this.fail(event.message || 'the worker ended'));
  }

  /**
   * Calls a function of the worker.
   *
   * @throws Problem if the call failed; `Cancelled` if the signal aborted it.
   */
  call<Result>(name: string, argument: unknown, options: CallOptions = {}): Promise<Result> {
    if (options.signal?.aborted) return Promise.reject(new Cancelled());
    if (this.startProblem) return Promise.reject(this.startProblem);
    const id = this.nextId++;
    const request: CallRequest = {id, name, argument};
    options.signal?.addEventListener('abort', () => {
      if (this.pending.has(id)) this.worker.postMessage({id, name: 'cancel', argument: null});
    });
    return new Promise((resolve, reject) => {
      this.pending.set(id, {options, resolve, reject});
      this.worker.postMessage(request, options.transfer ?? []);
    });
  }

  private receive(response: CallResponse): void {
    this.hasStarted = true;
    const call = this.pending.get(response.id);
    if (!call) return;
    if ('progress' in response) {
      call.options.onProgress?.(response.progress);
      return;
    }
    this.pending.delete(response.id);
    if ('result' in response) call.resolve(response.result as never);
    else if ('cancelled' in response) call.reject(new Cancelled());
    else call.reject(new Problem(response.problem, response.details));
  }

  private fail(reason: string): void {
    const calls = [...this.pending.values()];
    this.pending.clear();
    const problem = isLoadError(reason) ? new Problem('modelMissing') : new Problem('unknown', {reason});
    // Later calls would otherwise wait forever.
    if (!this.hasStarted) this.startProblem = problem;
    for (const {reject} of calls) reject(problem);
  }
}

/** A result, and the parts of it to transfer rather than copy. */
export interface CallResult {
  readonly result: unknown;
  readonly transfer?: Transferable[];
}

/** The worker's side, which answers calls with these functions. */
export function serveCalls(
  functions: Record<string, (argument: never, monitor: Monitor) => Promise<CallResult>>,
): void {
  const running = new Set<number>();
  const cancelled = new Set<number>();

  async function handle({id, name, argument}: CallRequest): Promise<void> {
    let lastReport = 0;
    const monitor: Monitor = {
      async progress(fraction) {
        const now = performance.now();
        if (now - lastReport < PROGRESS_INTERVAL && fraction < 1) return;
        lastReport = now;
        postMessage({id, progress: fraction});
        await yieldToMessages();
        if (cancelled.has(id)) throw new Cancelled();
      },
    };
    running.add(id);
    try {
      const {result, transfer} = await functions[name](argument as never, monitor);
      postMessage({id, result}, {transfer: transfer ?? []});
    } catch (error) {
      postMessage({id, ...errorResponse(error)});
    } finally {
      running.delete(id);
      cancelled.delete(id);
    }
  }

  addEventListener('message', ({data}: MessageEvent<CallRequest>) => {
    if (data.name !== 'cancel') void handle(data);
    else if (running.has(data.id)) cancelled.add(data.id); // It may have ended meanwhile.
  });
}

function errorResponse(error: unknown) {
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
function yieldToMessages(): Promise<void> {
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
