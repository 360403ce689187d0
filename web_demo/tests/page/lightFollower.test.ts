import {expect, it} from 'vitest';
import {LightFollower} from '../../src/page/lightFollower.js';
import {Photo} from '../../src/page/photo.js';
import type {Analyzed, Asked, Relit} from '../../src/work/correctionService.js';

const RELIT = {isLeft: false} as Relit;

function analyzed(): Photo {
  const photo = new Photo(new File([], 'dinner.jpg'));
  photo.analysis = {light: 'auto', amount: 1} as Analyzed;
  return photo;
}

/** Asks for lights one after the other, and lets a test answer each request. */
class Desk {
  readonly asked: string[] = [];
  readonly shown: string[] = [];
  readonly follower: LightFollower;
  private answer: (relit: Relit | null) => void = () => {};

  constructor() {
    this.follower = new LightFollower(
      (_: Photo, {light}: Asked) => {
        this.asked.push(light);
        return new Promise((resolve) => (this.answer = resolve));
      },
      (photo) => this.shown.push(photo.light),
      (error) => expect.unreachable(String(error)),
    );
  }

  move(photo: Photo, light: string): void {
    photo.light = light;
    this.follower.follow(photo);
  }

  async reply(relit: Relit | null): Promise<void> {
    this.answer(relit);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

it('asks for the latest light only', async () => {
  const [desk, photo] = [new Desk(), analyzed()];
  for (const light of ['-10,0,0.1', '-20,0,0.1', '-30,0,0.1']) desk.move(photo, light);
  await desk.reply(RELIT);
  await desk.reply(RELIT);
  expect(desk.asked).toEqual(['-10,0,0.1', '-30,0,0.1']);
  expect(desk.shown.at(-1)).toBe('-30,0,0.1');
});

it('follows the light of a photograph that took the place of another', async () => {
  const [desk, first, second] = [new Desk(), analyzed(), analyzed()];
  desk.move(first, 'room');
  desk.move(second, 'ceiling');
  await desk.reply(null);
  await desk.reply(RELIT);
  expect(desk.shown).toEqual(['ceiling']);
});

it('stops if its photograph is gone', async () => {
  const [desk, photo] = [new Desk(), analyzed()];
  desk.move(photo, 'room');
  await desk.reply(null);
  expect([desk.asked, desk.shown]).toEqual([['room'], []]);
});
