import {Cancelled} from '../core/index.js';
import {toProblem} from '../files/problem.js';
import type {Photo} from './photo.js';
import {explainProblem, type Texts} from './texts.js';

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
  private task: Message | null = null;

  /** @param texts returns the texts of the current language. */
  constructor(private readonly texts: () => Texts) {}

  /** Shows a message until the next one; null for none. */
  show(message: Message | null): void {
    this.message = message;
    this.update();
  }

  /** Explains an error in one sentence. */
  showError(error: unknown): void {
    const isCancelled = error instanceof Cancelled;
    const problem = toProblem(error);
    this.show({
      text: (texts) => (isCancelled ? texts.cancelled : explainProblem(problem, texts)),
      isBad: !isCancelled,
    });
  }

  /**
   * Shows the current task instead of the message, which returns when the task ends; null for none.
   */
  showTask(task: Message | null): void {
    this.task = task;
    this.update();
  }

  /** Removes the messages about a photograph. */
  removeMessagesAbout(photo: Photo): void {
    if (this.message?.about === photo) this.message = null;
    if (this.task?.about === photo) this.task = null;
    this.update();
  }

  /** Updates the line, for example after a change of language. */
  update(): void {
    const shown = this.task ?? this.message;
    const text = shown?.text(this.texts()) ?? '';
    const status = document.getElementById('status')!;
    // Screen readers would repeat an unchanged text.
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle('bad', shown?.isBad ?? false);
  }
}
