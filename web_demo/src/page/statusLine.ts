import {Cancelled} from '../core/index.js';
import {toProblem} from '../files/problem.js';
import type {Photo} from './photo.js';
import {explained, type Texts} from './texts.js';

/** A message of the page that can be shown in any language. */
export interface Message {
  readonly text: (texts: Texts) => string;
  readonly isBad?: boolean;
  /** The message is removed together with this photograph. */
  readonly about?: Photo;
}

/** The line that shows the current task, or else the last message. Screen readers announce it. */
export class StatusLine {
  private message: Message | null = null;
  private work: Message | null = null;

  /** @param texts returns the texts of the current language. */
  constructor(private readonly texts: () => Texts) {}

  /** Shows a message until the next one; null for none. */
  say(message: Message | null): void {
    this.message = message;
    this.describe();
  }

  /** Explains an error in one sentence. */
  complain(error: unknown): void {
    const isCancelled = error instanceof Cancelled;
    const problem = toProblem(error);
    this.say({
      text: (texts) => (isCancelled ? texts.cancelled : explained(problem, texts)),
      isBad: !isCancelled,
    });
  }

  /**
   * Shows the current task instead of the message, which returns when the task ends; null for none.
   */
  sayAtWork(work: Message | null): void {
    this.work = work;
    this.describe();
  }

  /** Removes the messages about a photograph. */
  forget(photo: Photo): void {
    if (this.message?.about === photo) this.message = null;
    if (this.work?.about === photo) this.work = null;
    this.describe();
  }

  /** Updates the line, for example after a change of language. */
  describe(): void {
    const shown = this.work ?? this.message;
    const text = shown?.text(this.texts()) ?? '';
    const status = document.getElementById('status')!;
    // Screen readers would repeat an unchanged text.
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle('bad', shown?.isBad ?? false);
  }
}
