import {Cancelled} from '../core/index.js';
import {asProblem} from '../files/problem.js';
import type {Photo} from './photo.js';
import {explained, type Texts} from './texts.js';

/** Something that the page says, in whatever language. */
export interface Message {
  readonly text: (texts: Texts) => string;
  readonly isBad?: boolean;
  /** With this photograph it goes. */
  readonly about?: Photo;
}

/** The line that says what goes on, and what was last to be said; screen readers read it too. */
export class StatusLine {
  private message: Message | null = null;
  private work: Message | null = null;

  /** @param texts gives the present language. */
  constructor(private readonly texts: () => Texts) {}

  /** Says something until there is something else to say; null for nothing. */
  say(message: Message | null): void {
    this.message = message;
    this.describe();
  }

  /** Says in a sentence what is wrong. */
  complain(error: unknown): void {
    const isCancelled = error instanceof Cancelled;
    const problem = asProblem(error);
    this.say({
      text: (texts) => (isCancelled ? texts.cancelled : explained(problem, texts)),
      isBad: !isCancelled,
    });
  }

  /** Says what is at work, in place of the message, which comes back when it ends; null for nothing. */
  sayAtWork(work: Message | null): void {
    this.work = work;
    this.describe();
  }

  /** Takes back what is said about a photograph. */
  forget(photo: Photo): void {
    if (this.message?.about === photo) this.message = null;
    if (this.work?.about === photo) this.work = null;
    this.describe();
  }

  /** Says it again, in the present language. */
  describe(): void {
    const shown = this.work ?? this.message;
    const text = shown?.text(this.texts()) ?? '';
    const status = document.getElementById('status')!;
    // What has not changed is not read out twice.
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle('bad', shown?.isBad ?? false);
  }
}
